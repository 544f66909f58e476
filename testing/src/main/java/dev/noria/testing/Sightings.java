package dev.noria.testing;

import dev.noria.JobQueue;
import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Codec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds jobs for assertions, in the storage and among those that are gone. */
final class Sightings {
  private static final Set<Part> PARTS = EnumSet.of(Part.PAYLOAD, Part.RESULT, Part.HISTORY);
  private static final int PAGE = 1_000;

  private final JobQueue queue;
  private final Journal journal;

  Sightings(JobQueue queue, Journal journal) {
    this.queue = queue;
    this.journal = journal;
  }

  Codec codec() {
    return queue.get(Codec.class);
  }

  /** The jobs that wait, in the order of their enqueue. */
  List<Sighting> waiting() {
    return stored(JobState.BLOCKED, JobState.SCHEDULED, JobState.READY);
  }

  /** The jobs that ended in {@code state}, kept or not, in the order of their enqueue. */
  List<Sighting> finished(JobState state) {
    Map<JobId, Sighting> found = new LinkedHashMap<>();
    for (Journal.Ended ended : journal.ended()) {
      if (ended.state() == state && queue.find(ended.job().id(), Set.of()).isEmpty()) {
        found.put(
            ended.job().id(), new Sighting(ended.job(), state, ended.result(), ended.error()));
      }
    }
    stored(state).forEach(sighting -> found.put(sighting.id(), sighting));
    return inOrder(new ArrayList<>(found.values()));
  }

  private List<Sighting> stored(JobState... states) {
    List<Sighting> found = new ArrayList<>();
    JobFilter filter = JobFilter.all().states(states);
    @Nullable String cursor = null;
    do {
      Page<StoredJob> page = queue.list(filter, cursor, PAGE);
      for (StoredJob job : page.items()) {
        queue.find(job.id(), PARTS).map(Sightings::sighting).ifPresent(found::add);
      }
      cursor = page.next();
    } while (cursor != null);
    return inOrder(found);
  }

  private static Sighting sighting(StoredJob job) {
    List<FailedAttempt> history = job.history();
    return new Sighting(job, job.state(), job.result(), error(job, history));
  }

  private static @Nullable ErrorInfo error(StoredJob job, List<FailedAttempt> history) {
    if (!history.isEmpty()) {
      return history.get(history.size() - 1).error();
    }
    String reason = job.status().reason();
    return reason == null ? null : ErrorInfo.of(reason, "");
  }

  private List<Sighting> inOrder(List<Sighting> found) {
    found.sort(
        Comparator.comparingLong((Sighting sighting) -> journal.place(sighting.id()))
            .thenComparing(Sighting::id));
    return found;
  }

  /** How many of each type wait. */
  String waitingInWords() {
    Map<String, Long> byType =
        waiting().stream()
            .collect(
                Collectors.groupingBy(
                    sighting -> sighting.job().type(), TreeMap::new, Collectors.counting()));
    return Optional.of(byType).filter(map -> !map.isEmpty()).map(Object::toString).orElse("none");
  }
}
