package dev.noria.benchmarks;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Retention;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.Map;

/** What all benchmarks are fed with: a payload of 200 bytes of JSON. */
public record Sample(long number, String sender, String receiver, String note) {
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  public static Sample of(long number) {
    return new Sample(
        1_000_000_000L + number,
        "Water Works, Hama",
        "The Upper Field, Orontes Valley",
        "One bucket after the other, and none of them is spilled, lost or counted twice in a single"
            + " day.");
  }

  public static LeasedJob leased(Bytes payload) {
    return new LeasedJob(
        new Lease(new JobId(1, 2), 1, 3, Bytes.EMPTY),
        "sample",
        "default",
        payload,
        Map.of(),
        1,
        0,
        0,
        0,
        0,
        null,
        null,
        NOW,
        NOW,
        null,
        null,
        Retention.NO_RESULT,
        false);
  }
}
