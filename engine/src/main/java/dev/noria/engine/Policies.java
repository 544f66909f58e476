package dev.noria.engine;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.QueuePolicy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the policies of queues are written: their maps in a fixed order. */
final class Policies {
  private Policies() {}

  static void write(Out out, QueuePolicy policy) {
    boolean plain = policy.equals(QueuePolicy.UNLIMITED);
    out.flag(!plain);
    if (plain) {
      return;
    }
    out.number(policy.maxRunning());
    write(out, policy.defaults());
    groups(out, policy.tiers());
    out.list(
        new TreeMap<>(policy.tierOf()).entrySet(),
        entry -> {
          out.text(entry.getKey());
          out.name(entry.getValue());
        });
    groups(out, policy.overrides());
  }

  static QueuePolicy read(In in) {
    if (!in.flag()) {
      return QueuePolicy.UNLIMITED;
    }
    int maxRunning = in.integer();
    GroupPolicy defaults = group(in);
    Map<String, GroupPolicy> tiers = map(in, () -> group(in));
    Map<String, String> tierOf = map(in, in::name);
    return new QueuePolicy(maxRunning, defaults, tiers, tierOf, map(in, () -> group(in)));
  }

  private static void groups(Out out, Map<String, GroupPolicy> policies) {
    out.list(
        new TreeMap<>(policies).entrySet(),
        entry -> {
          out.text(entry.getKey());
          write(out, entry.getValue());
        });
  }

  private static <V> Map<String, V> map(In in, Supplier<V> value) {
    Map<String, V> map = new TreeMap<>();
    for (int left = in.size(); left > 0; left--) {
      String name = in.text();
      map.put(name, value.get());
    }
    return map;
  }

  private static void write(Out out, GroupPolicy policy) {
    out.number(policy.weight());
    out.number(policy.maxRunning());
    out.optional(
        policy.startRate(),
        rate -> {
          out.number(rate.permits());
          out.duration(rate.per());
          out.number(rate.burst());
        });
  }

  private static GroupPolicy group(In in) {
    int weight = in.integer();
    int maxRunning = in.integer();
    return new GroupPolicy(weight, maxRunning, in.optional(() -> rate(in)));
  }

  private static StartRate rate(In in) {
    int permits = in.integer();
    Duration per = in.duration();
    return new StartRate(permits, per, in.integer());
  }
}
