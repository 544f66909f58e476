package dev.noria.rows;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.QueuePolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Queue policies as bytes. */
public final class PolicyForm {
  private static final int VERSION = 1;

  private PolicyForm() {}

  public static byte[] write(QueuePolicy policy) {
    Pack out = new Pack(64).octet(VERSION).number(policy.maxRunning());
    group(out, policy.defaults());
    groups(out, policy.tiers());
    out.number(policy.tierOf().size());
    policy.tierOf().forEach((group, tier) -> out.text(group).text(tier));
    groups(out, policy.overrides());
    return out.toBytes();
  }

  private static void groups(Pack out, Map<String, GroupPolicy> policies) {
    out.number(policies.size());
    policies.forEach((name, policy) -> group(out.text(name), policy));
  }

  private static void group(Pack out, GroupPolicy policy) {
    StartRate rate = policy.startRate();
    out.number(policy.weight()).number(policy.maxRunning()).octet(rate == null ? 0 : 1);
    if (rate != null) {
      out.number(rate.permits()).number(rate.per().toMillis()).number(rate.burst());
    }
  }

  public static QueuePolicy read(byte[] bytes) {
    Unpack in = new Unpack(bytes);
    if (in.octet() != VERSION) {
      throw new IllegalStateException("A queue policy is stored in an unknown form.");
    }
    int maxRunning = in.count();
    GroupPolicy defaults = group(in);
    Map<String, GroupPolicy> tiers = groups(in);
    Map<String, String> tierOf = new HashMap<>();
    for (int left = in.count(); left > 0; left--) {
      tierOf.put(in.text(), in.text());
    }
    return new QueuePolicy(maxRunning, defaults, tiers, tierOf, groups(in));
  }

  private static Map<String, GroupPolicy> groups(Unpack in) {
    Map<String, GroupPolicy> policies = new HashMap<>();
    for (int left = in.count(); left > 0; left--) {
      policies.put(in.text(), group(in));
    }
    return policies;
  }

  private static GroupPolicy group(Unpack in) {
    int weight = in.count();
    int maxRunning = in.count();
    StartRate rate =
        in.octet() == 0
            ? null
            : new StartRate(in.count(), Duration.ofMillis(in.number()), in.count());
    return new GroupPolicy(weight, maxRunning, rate);
  }
}
