package dev.noria.storage.postgres;

import static java.util.Objects.requireNonNull;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the jobs of one call (S1): those without key and dependencies with one statement, the
 * others one by one. Rows of others are locked first, in the order of their ids, then keys in their
 * order, so that two calls never wait for each other in a circle.
 */
final class Enqueue {
  private final Tx tx;
  private final long now;
  private final List<NewJob> jobs;
  private final @Nullable EnqueueReceipt[] receipts;
  private final Map<JobId, JobState> existing = new HashMap<>();

  /** Ids that this call has stored. */
  private final Set<JobId> mine = new HashSet<>();

  /** Ids of this call that mean an existing job. */
  private final Map<JobId, JobId> aliases = new HashMap<>();

  private Enqueue(Tx tx, List<NewJob> jobs, long now) {
    this.tx = tx;
    this.now = now;
    this.jobs = jobs;
    this.receipts = new EnqueueReceipt[jobs.size()];
  }

  static boolean isPlain(NewJob job) {
    return job.key() == null && job.dependencies().isEmpty();
  }

  static List<EnqueueReceipt> run(Tx tx, List<NewJob> jobs, long now) throws SQLException {
    if (jobs.isEmpty()) {
      return List.of();
    }
    Enqueue enqueue = new Enqueue(tx, jobs, now);
    if (jobs.stream().allMatch(Enqueue::isPlain)) {
      enqueue.together();
    } else {
      enqueue.oneByOne();
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (EnqueueReceipt receipt : enqueue.receipts) {
      receipts.add(requireNonNull(receipt));
    }
    return receipts;
  }

  private void together() throws SQLException {
    Columns columns = new Columns(jobs, tx.names(), now);
    Set<JobId> stored = new HashSet<>(columns.bind(tx.sql("job.insert_all").with(now)).ids());
    if (stored.size() < jobs.size()) {
      lookAtIds();
    }
    boolean ready = EventLog.records(tx, JobState.READY);
    for (int i = 0; i < jobs.size(); i++) {
      NewJob job = jobs.get(i);
      if (stored.remove(job.id())) {
        JobState state = Codes.state(columns.states[i]);
        receipts[i] = EnqueueReceipt.enqueued(job.id());
        stored(job, new Spot(columns.queues[i], state, columns.dues[i]), ready);
      } else {
        receipts[i] = EnqueueReceipt.duplicate(job.id(), existing.get(job.id()));
      }
    }
  }

  private void lookAtIds() throws SQLException {
    List<JobId> ids = jobs.stream().map(NewJob::id).toList();
    tx.sql("job.states_of")
        .ids(ids)
        .ids(ids)
        .all(row -> existing.put(Stmt.id(row, 1), Codes.state(row.getInt(2))));
  }

  /** Where a new job goes. */
  record Spot(int queue, JobState state, long due) {}

  private void stored(NewJob job, Spot spot, boolean events) throws SQLException {
    stored(tx, job, spot);
    if (events) {
      EventLog.add(tx, job, spot.state(), now);
    }
  }

  /** Counts a new job, and tells of it. */
  static void stored(Tx tx, NewJob job, Spot spot) {
    tx.count(spot.queue(), null, spot.state(), 1);
    if (spot.state() == JobState.SCHEDULED) {
      tx.news().due(spot.queue(), spot.due());
    } else if (spot.state() == JobState.READY) {
      tx.news().ready(spot.queue());
      tx.ring(spot.queue(), job.group());
    }
  }

  private @Nullable JobState state(JobId id) throws SQLException {
    JobRow row = Jobs.look(tx.session(), List.of(id)).get(id);
    return row == null ? null : row.state;
  }

  private void oneByOne() throws SQLException {
    lookAtIds();
    Map<JobId, JobRow> rows = Jobs.lock(tx, involved());
    List<Long> places = tx.sql("job.places").with(jobs.size()).all(row -> row.getLong(1));
    insertPlain(places);
    for (int index : order()) {
      if (receipts[index] != null) {
        continue;
      }
      NewJob job = jobs.get(index);
      Newcomer newcomer = new Newcomer(tx, job, aliases, now);
      JobState same = mine.contains(job.id()) ? state(job.id()) : existing.get(job.id());
      EnqueueReceipt receipt =
          same != null
              ? EnqueueReceipt.duplicate(job.id(), same)
              : newcomer.enqueue(rows, places.get(index));
      receipts[index] = receipt;
      if (!receipt.id().equals(job.id())) {
        aliases.put(job.id(), receipt.id());
      } else if (receipt.isEnqueued()) {
        mine.add(job.id());
      }
    }
  }

  /** Those that need no judgement go in together, each in its place in the call. */
  private void insertPlain(List<Long> places) throws SQLException {
    Map<JobId, Integer> times = new HashMap<>();
    jobs.forEach(job -> times.merge(job.id(), 1, Integer::sum));
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      JobId id = jobs.get(i).id();
      if (isPlain(jobs.get(i)) && times.getOrDefault(id, 0) == 1 && !existing.containsKey(id)) {
        indexes.add(i);
      }
    }
    if (indexes.isEmpty()) {
      return;
    }
    Columns columns = new Columns(indexes.stream().map(jobs::get).toList(), tx.names(), now);
    long[] at = new long[columns.size];
    for (int i = 0; i < at.length; i++) {
      long place = places.get(indexes.get(i));
      at[i] = jobs.get(indexes.get(i)).lifo() ? -place : place;
    }
    mine.addAll(columns.bind(tx.sql("job.insert_placed").with(now)).numbers(at).ids());
    boolean ready = EventLog.records(tx, JobState.READY);
    for (int i = 0; i < at.length; i++) {
      NewJob job = jobs.get(indexes.get(i));
      if (mine.contains(job.id())) {
        receipts[indexes.get(i)] = EnqueueReceipt.enqueued(job.id());
        JobState state = Codes.state(columns.states[i]);
        stored(job, new Spot(columns.queues[i], state, columns.dues[i]), ready);
      }
    }
  }

  /** Rows that this call may change: prerequisites, and holders of keys that give way. */
  private Set<JobId> involved() throws SQLException {
    Set<JobId> ids = new HashSet<>();
    for (NewJob job : jobs) {
      ids.addAll(job.dependencies().on());
      if (job.key() != null && job.key().policy().onConflict() == OnConflict.REPLACE) {
        int queue = tx.names().id(tx.session(), job.queue());
        Keys.holder(tx, queue, job.key().name(), now).ifPresent(ids::add);
      }
    }
    return ids;
  }

  private List<Integer> order() {
    boolean plain = jobs.stream().allMatch(job -> job.dependencies().isEmpty());
    return plain ? byKeys() : prerequisitesFirst();
  }

  private List<Integer> byKeys() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.<Integer, String>comparing(i -> jobs.get(i).queue())
            .thenComparing(i -> keyName(jobs.get(i))));
    return order;
  }

  private static String keyName(NewJob job) {
    return job.key() == null ? "" : job.key().name();
  }

  /** In order of the call, but nobody before those of this call that it waits for. */
  private List<Integer> prerequisitesFirst() {
    Map<JobId, Integer> indexes = new HashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      indexes.putIfAbsent(jobs.get(i).id(), i);
    }
    Set<Integer> seen = new HashSet<>();
    Set<Integer> order = new java.util.LinkedHashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      visit(i, indexes, seen, order);
    }
    return List.copyOf(order);
  }

  /** Depth first with a stack of its own: chains may be as long as a call. */
  private void visit(int root, Map<JobId, Integer> indexes, Set<Integer> seen, Set<Integer> order) {
    List<Integer> stack = new ArrayList<>();
    stack.add(root);
    while (!stack.isEmpty()) {
      int top = stack.get(stack.size() - 1);
      if (seen.add(top)) {
        for (JobId on : jobs.get(top).dependencies().on()) {
          Integer index = indexes.get(on);
          if (index != null && !seen.contains(index)) {
            stack.add(index);
          }
        }
      } else {
        stack.remove(stack.size() - 1);
        order.add(top);
      }
    }
  }
}
