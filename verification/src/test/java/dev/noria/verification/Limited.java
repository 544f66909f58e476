package dev.noria.verification;

import dev.noria.job.GroupPolicy;
import dev.noria.job.JobOption;
import dev.noria.job.QueuePolicy;
import dev.noria.tck.history.Entry.Dequeued;
import dev.noria.tck.history.History;
import dev.noria.tck.history.Occupancy;
import dev.noria.tck.history.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A queue with limits that all processes of a run share, and whether they held. */
final class Limited {
  static final String QUEUE = "limited";
  static final int PER_GROUP = 2;
  static final int PER_QUEUE = 3;

  static final QueuePolicy POLICY =
      QueuePolicy.UNLIMITED
          .withMaxRunning(PER_QUEUE)
          .withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(PER_GROUP));

  private Limited() {}

  /** Makes a job one of a group; the group of number 0 is none. */
  static JobOption[] group(int number) {
    return number == 0 ? new JobOption[0] : new JobOption[] {JobOption.group("g" + number)};
  }

  /** What went beyond the limits, in words. */
  static List<String> exceeded(History history, Duration lease) {
    return groups(history, lease).entrySet().stream()
        .filter(line -> line.getValue() > (line.getKey().equals("all") ? PER_QUEUE : PER_GROUP))
        .map(line -> line.getValue() + " leases of " + line.getKey() + " at once")
        .toList();
  }

  /** The verdict with how close the run came to the limits. */
  static Verdict label(Verdict verdict, History history, Duration lease) {
    Map<String, Integer> most = groups(history, lease);
    int group =
        most.entrySet().stream()
            .filter(line -> line.getKey().startsWith("g"))
            .mapToInt(Map.Entry::getValue)
            .max()
            .orElse(0);
    return verdict
        .label("group-limit", group + "/" + PER_GROUP)
        .label("queue-limit", most.getOrDefault("all", 0) + "/" + PER_QUEUE);
  }

  /** Most leases at once of each limited group, and of all together. */
  private static Map<String, Integer> groups(History history, Duration lease) {
    Map<String, Integer> most =
        new java.util.TreeMap<>(Occupancy.of(history, lease, Limited::line).most());
    most.keySet().removeIf(name -> !name.startsWith("g"));
    most.putAll(Occupancy.of(history, lease, taken -> isLimited(taken) ? "all" : "other").most());
    most.remove("other");
    return most;
  }

  private static boolean isLimited(Dequeued taken) {
    return taken.queue().equals(QUEUE);
  }

  private static String line(Dequeued taken) {
    return isLimited(taken) && taken.group() != null ? taken.group() : "other";
  }
}
