package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the statements of one call work with: a transaction that is open and nobody else's. */
final class Tx {
  private final Session session;
  private final String instance;
  private final News news = new News();
  private final Map<Integer, int[]> counts = new TreeMap<>();
  private final Set<Bell> bells = new LinkedHashSet<>();
  private final List<String> messages = new ArrayList<>();
  private @Nullable Map<String, Stmt> gathered;
  private long events = -1;

  private record Bell(int queue, String grp) {}

  /**
   * A transaction.
   *
   * @param instance who writes; empty in a transaction of the caller's, whose end we do not see
   */
  Tx(Session session, String instance) {
    this.session = session;
    this.instance = instance;
  }

  Session session() {
    return session;
  }

  Names names() {
    return session.names();
  }

  News news() {
    return news;
  }

  Stmt sql(String name) throws SQLException {
    return session.sql(name);
  }

  /** A change of a row that nobody looks at before {@link #send} where changes are gathered. */
  Stmt write(String name) throws SQLException {
    Map<String, Stmt> open = gathered;
    if (open == null) {
      return sql(name);
    }
    Stmt known = open.get(name);
    if (known == null) {
      known = sql(name);
      open.put(name, known);
    }
    return known.gather();
  }

  /** From now on changes by {@link #write} wait. */
  void gather() {
    gathered = new LinkedHashMap<>();
  }

  /** Sends the changes that wait, and goes on gathering if it did. */
  void sendSoFar() throws SQLException {
    if (gathered != null) {
      send();
      gather();
    }
  }

  /** Sends the changes that wait, those of one kind together. */
  void send() throws SQLException {
    Map<String, Stmt> open = gathered;
    gathered = null;
    if (open != null) {
      for (Stmt changes : open.values()) {
        changes.send();
      }
    }
  }

  /** What is recorded in the event log. */
  int events() throws SQLException {
    if (events < 0) {
      events = sql("meta.value").with(EventLog.MODE).number(0);
    }
    return (int) events;
  }

  /** {@code n} jobs of a queue went from one state to another; null is "not there". */
  void count(int queue, @Nullable JobState from, @Nullable JobState to, int n) {
    int[] deltas = counts.computeIfAbsent(queue, any -> new int[Codes.STATE_COUNT]);
    if (from != null) {
      deltas[Codes.of(from)] -= n;
    }
    if (to != null) {
      deltas[Codes.of(to)] += n;
    }
  }

  /** A line has work or a slot again. */
  void ring(int queue, @Nullable String grp) {
    if (grp != null) {
      bells.add(new Bell(queue, grp));
    }
  }

  /** Writes the bells that are to be heard in this very transaction. */
  void ringNow() throws SQLException {
    for (Bell bell : bells) {
      sql("bell.ring").with(bell.queue()).with(bell.grp()).run();
    }
    bells.clear();
  }

  /** Tells waiters that a job ended. */
  void finished(JobRow row) {
    boolean awaited = row.has(Flags.AWAITED);
    if (awaited || row.has(Flags.WATCHED)) {
      finished(row.id, row.state, awaited);
    }
  }

  void finished(JobId id, JobState state, boolean awaited) {
    news.add(new News.Finished(id, state, awaited));
    messages.add("f," + id + "," + Codes.of(state) + "," + (awaited ? 1 : 0) + "," + instance);
  }

  /** Tells whoever runs the job that somebody wants it to stop. */
  void cancelRequested(JobId id) {
    news.add(new News.Cancel(id));
    messages.add("c," + id + "," + instance);
  }

  /** Writes what was gathered; to be called last. */
  void flush() throws SQLException {
    for (Map.Entry<Integer, int[]> count : counts.entrySet()) {
      if (Arrays.stream(count.getValue()).anyMatch(delta -> delta != 0)) {
        Stmt add = sql("tally.add").with(count.getKey());
        for (int delta : count.getValue()) {
          add.with(delta);
        }
        add.run();
      }
    }
    counts.clear();
    ringNow();
    wake();
    for (String message : messages) {
      sql("session.notify").with(message).execute();
    }
    messages.clear();
  }

  private void wake() throws SQLException {
    Map<Integer, Long> works = news.works();
    if (works.isEmpty()) {
      return;
    }
    if (instance.isEmpty()) {
      // Sleepers may come before the caller's commit: everybody is told, and only then.
      works.forEach((queue, due) -> messages.add("w," + queue + "," + due + ","));
      return;
    }
    Integer[] queues = works.keySet().toArray(new Integer[0]);
    Long[] dues = works.values().toArray(new Long[0]);
    Stmt wake = sql("wake.up").array("int4", queues).array("int8", dues).with(instance);
    for (int queue : wake.first(row -> Stmt.words(row, 1)).orElse(new int[0])) {
      news.add(new News.Work(queue, works.getOrDefault(queue, News.NOW)));
    }
  }
}
