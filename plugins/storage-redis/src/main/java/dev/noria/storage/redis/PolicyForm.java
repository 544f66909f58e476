package dev.noria.storage.redis;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import dev.noria.job.QueuePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Queue policies as a hash, so that a script reads only the groups it meets: {@code q} most running
 * jobs of the queue, {@code d} the usual policy of a group, {@code t…} that of a tier, {@code g…}
 * the tier of a group, {@code o…} the policy of one group.
 */
final class PolicyForm {
  private PolicyForm() {}

  static void write(Pack out, QueuePolicy policy) {
    List<byte[]> fields = new ArrayList<>();
    add(fields, "q", Server.bytes(Integer.toString(policy.maxRunning())));
    add(fields, "d", group(policy.defaults()));
    policy.tiers().forEach((tier, group) -> add(fields, "t" + tier, group(group)));
    policy.tierOf().forEach((group, tier) -> add(fields, "g" + group, Server.bytes(tier)));
    policy.overrides().forEach((name, group) -> add(fields, "o" + name, group(group)));
    out.list(fields.size());
    fields.forEach(out::raw);
  }

  private static void add(List<byte[]> fields, String name, byte[] value) {
    fields.add(Server.bytes(name));
    fields.add(value);
  }

  private static byte[] group(GroupPolicy policy) {
    StartRate rate = policy.startRate();
    Pack out = new Pack().list(5).number(policy.weight()).number(policy.maxRunning());
    if (rate == null) {
      return out.number(0).number(0).number(0).toBytes();
    }
    return out.number(rate.permits()).number(rate.per().toMillis()).number(rate.burst()).toBytes();
  }

  static QueuePolicy read(Map<byte[], byte[]> fields) {
    int maxRunning = 0;
    GroupPolicy defaults = GroupPolicy.UNLIMITED;
    Map<String, GroupPolicy> tiers = new HashMap<>();
    Map<String, String> tierOf = new HashMap<>();
    Map<String, GroupPolicy> overrides = new HashMap<>();
    for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
      String name = new String(field.getKey(), StandardCharsets.UTF_8);
      byte[] value = field.getValue();
      String rest = name.substring(1);
      switch (name.charAt(0)) {
        case 'q' -> maxRunning = Integer.parseInt(new String(value, StandardCharsets.US_ASCII));
        case 'd' -> defaults = group(value);
        case 't' -> tiers.put(rest, group(value));
        case 'g' -> tierOf.put(rest, new String(value, StandardCharsets.UTF_8));
        default -> overrides.put(rest, group(value));
      }
    }
    return new QueuePolicy(maxRunning, defaults, tiers, tierOf, overrides);
  }

  private static GroupPolicy group(byte[] packed) {
    Unpack in = new Unpack(packed);
    in.list();
    int weight = in.count();
    int maxRunning = in.count();
    int permits = in.count();
    long per = in.number();
    int burst = in.count();
    return new GroupPolicy(
        weight,
        maxRunning,
        permits == 0 ? null : new StartRate(permits, Duration.ofMillis(per), burst));
  }
}
