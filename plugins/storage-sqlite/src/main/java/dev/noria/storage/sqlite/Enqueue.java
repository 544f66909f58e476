package dev.noria.storage.sqlite;

import static java.util.Objects.requireNonNull;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the jobs of one call (S1). Jobs without key and dependencies that follow each other in one
 * line go in as one run; the others one by one.
 */
final class Enqueue {
  private final Tx tx;
  private final long now;
  private final List<NewJob> jobs;
  private final @Nullable EnqueueReceipt[] receipts;

  /** Ids of this call that mean an existing job. */
  private final Map<JobId, JobId> aliases = new HashMap<>();

  private Enqueue(Tx tx, List<NewJob> jobs, long now) {
    this.tx = tx;
    this.now = now;
    this.jobs = jobs;
    this.receipts = new EnqueueReceipt[jobs.size()];
  }

  static List<EnqueueReceipt> run(Tx tx, List<NewJob> jobs, long now) throws SQLException {
    Enqueue enqueue = new Enqueue(tx, jobs, now);
    boolean plain = true;
    for (NewJob job : jobs) {
      plain &= job.dependencies().isEmpty();
    }
    if (plain) {
      enqueue.inOrder();
    } else {
      enqueue.prerequisitesFirst();
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (EnqueueReceipt receipt : enqueue.receipts) {
      receipts.add(requireNonNull(receipt));
    }
    return receipts;
  }

  private void inOrder() throws SQLException {
    int start = 0;
    while (start < jobs.size()) {
      int end = start + 1;
      NewJob first = jobs.get(start);
      if (first.key() != null) {
        single(start);
      } else {
        while (end < jobs.size() && Run.alike(first, jobs.get(end), now)) {
          end++;
        }
        run(start, end);
      }
      start = end;
    }
  }

  private void run(int start, int end) throws SQLException {
    Run run = new Run(tx, jobs.subList(start, end), now);
    List<EnqueueReceipt> found = run.insert();
    for (int i = start; i < end; i++) {
      receipts[i] = found.get(i - start);
    }
  }

  /** In order of the call, but nobody before those of this call that it waits for. */
  private void prerequisitesFirst() throws SQLException {
    Map<JobId, Integer> indexes = new HashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      indexes.putIfAbsent(jobs.get(i).id(), i);
    }
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      visit(i, indexes, seen);
    }
  }

  /** Depth first with a stack of its own: chains may be as long as a call. */
  private void visit(int root, Map<JobId, Integer> indexes, Set<Integer> seen) throws SQLException {
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
        if (receipts[top] == null) {
          single(top);
        }
      }
    }
  }

  private void single(int index) throws SQLException {
    NewJob job = jobs.get(index);
    EnqueueReceipt receipt = new Newcomer(tx, job, aliases, now).enqueue();
    receipts[index] = receipt;
    if (!receipt.id().equals(job.id())) {
      aliases.put(job.id(), receipt.id());
    }
  }
}
