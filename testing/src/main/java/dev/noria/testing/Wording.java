package dev.noria.testing;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.Limits;
import dev.noria.plugin.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Jobs in the words of a failure message. */
record Wording(Codec codec, Instant now) {
  private static final int MOST = 20;
  private static final int TEXT_BYTES = 300;

  String list(List<Sighting> jobs) {
    if (jobs.isEmpty()) {
      return "  (none)";
    }
    StringBuilder text = new StringBuilder();
    for (Sighting job : jobs.subList(0, Math.min(MOST, jobs.size()))) {
      text.append("  - ").append(line(job)).append(System.lineSeparator());
    }
    if (jobs.size() > MOST) {
      text.append("  … and ").append(jobs.size() - MOST).append(" more");
    }
    return text.toString();
  }

  private String line(Sighting sighting) {
    StringBuilder text = new StringBuilder();
    text.append(sighting.job().type()).append(" in queue '").append(sighting.job().queue());
    text.append("', ").append(sighting.state());
    if (sighting.state() == JobState.SCHEDULED) {
      text.append(", due in ").append(Duration.between(now, sighting.dueAt()));
    }
    if (sighting.job().priority() != 0) {
      text.append(", priority ").append(sighting.job().priority());
    }
    JobKey key = sighting.job().key();
    if (key != null) {
      text.append(", key '").append(key.name()).append('\'');
    }
    if (!sighting.job().headers().isEmpty()) {
      text.append(", headers ").append(sighting.job().headers());
    }
    ErrorInfo error = sighting.error();
    if (error != null) {
      text.append(", error ").append(error.type()).append(": ").append(error.message());
    }
    // As stored, which is JSON unless another codec is in use.
    String payload = Limits.cut(sighting.job().payload().toUtf8(), TEXT_BYTES);
    return text.append(", payload ").append(payload).toString();
  }
}
