package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Administration;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator changes. */
final class Operator implements Administration {
  private static final List<ChangeStatus> STATUSES =
      List.of(
          ChangeStatus.APPLIED,
          ChangeStatus.REQUESTED,
          ChangeStatus.ALREADY_FINISHED,
          ChangeStatus.NOT_FINISHED,
          ChangeStatus.RUNNING,
          ChangeStatus.KEY_TAKEN,
          ChangeStatus.UNKNOWN);

  private final Server server;

  Operator(Server server) {
    this.server = server;
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return change("cancel", ids, RedisStorage.now(now));
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return change("delete", ids, RedisStorage.now(now));
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return change("reschedule", ids, RedisStorage.now(now).key("due").number(dueAt.toEpochMilli()));
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    if (priority < -100 || priority > 100) {
      throw new IllegalArgumentException(
          "Priority " + priority + " is out of range. Expected -100 to 100, higher first.");
    }
    return change("reprioritise", ids, RedisStorage.now(now).key("priority").number(priority));
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return change("replay", ids, RedisStorage.now(now));
  }

  private List<ChangeReceipt> change(String what, Collection<JobId> ids, Pack out) {
    List<JobId> list = List.copyOf(ids);
    out.key("what").text(what).key("ids").list(list.size());
    list.forEach(out::id);
    byte[] digits = server.run("change", out.close());
    List<ChangeReceipt> receipts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      receipts.add(new ChangeReceipt(list.get(i), STATUSES.get(digits[i] - '0')));
    }
    return receipts;
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    Pack out = RedisStorage.now(now).key("queue").textOrNothing(queue);
    List<JobState> ended = states.stream().filter(JobState::isFinished).toList();
    out.key("older").number(olderThan.toEpochMilli()).key("ended").list(ended.size());
    ended.forEach(state -> out.number(Codes.of(state)));
    return remove(out, limit);
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return remove(RedisStorage.now(now).key("queue").text(queue), limit);
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return remove(RedisStorage.now(now).key("queue").text(queue).key("all").truth(true), limit);
  }

  private int remove(Pack out, int limit) {
    return (int) number(server.run("remove", out.key("limit").number(limit).close()));
  }

  private static long number(byte[] digits) {
    return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }

  @Override
  public void pause(String queue, Instant now) {
    queue("pause", queue, RedisStorage.now(now));
  }

  @Override
  public void resume(String queue, Instant now) {
    queue("resume", queue, RedisStorage.now(now));
  }

  @Override
  public long setPolicy(String queue, QueuePolicy policy, Instant now) {
    Pack out = RedisStorage.now(now).key("fields");
    PolicyForm.write(out, policy);
    return queue("policy", queue, out);
  }

  private long queue(String what, String queue, Pack out) {
    return number(server.run("queue", out.key("what").text(what).key("queue").text(queue).close()));
  }

  @Override
  public QueuePolicy policy(String queue) {
    Map<byte[], byte[]> fields =
        server.answer(
            "policy", () -> server.link().commands().hgetall(server.key("policy:" + queue)));
    return fields.isEmpty() ? QueuePolicy.UNLIMITED : PolicyForm.read(fields);
  }
}
