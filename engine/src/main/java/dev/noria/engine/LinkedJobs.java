package dev.noria.engine;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.EnqueueReceipt.Status;
import dev.noria.job.JobId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call whose jobs depend on jobs, also on later ones of the same call: each job is accepted
 * after those it names, because only then is known which job their ids mean.
 */
final class LinkedJobs {
  private final Enqueuing enqueuing;
  private final List<Draft> jobs;
  private final long place;
  private final long now;
  private final @Nullable EnqueueReceipt[] receipts;
  private final Map<JobId, Integer> positions = new HashMap<>();
  private final Map<JobId, JobId> meant = new HashMap<>();

  /** Up to which dependency each open job has been looked at; −1: not begun. */
  private final int[] cursor;

  LinkedJobs(Enqueuing enqueuing, List<Draft> jobs, long place, long now) {
    this.enqueuing = enqueuing;
    this.jobs = jobs;
    this.place = place;
    this.now = now;
    this.receipts = new @Nullable EnqueueReceipt[jobs.size()];
    this.cursor = new int[jobs.size()];
    Arrays.fill(cursor, -1);
    for (int i = 0; i < jobs.size(); i++) {
      positions.putIfAbsent(jobs.get(i).job().id(), i);
    }
  }

  List<EnqueueReceipt> accept() {
    List<EnqueueReceipt> answers = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      answers.add(decide(i));
    }
    return answers;
  }

  /** Accepts a job after all that it names; a stack of its own, because chains may be long. */
  private EnqueueReceipt decide(int wanted) {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    open.push(wanted);
    while (!open.isEmpty()) {
      int position = open.peek();
      int before = receipts[position] == null ? nextUndecided(position) : -1;
      if (before < 0) {
        settle(position);
        open.pop();
      } else if (cursor[before] >= 0) {
        receipts[position] =
            EnqueueReceipt.rejected(jobs.get(position).job().id(), "The job depends on itself.");
        open.pop();
      } else {
        open.push(before);
      }
    }
    EnqueueReceipt receipt = receipts[wanted];
    return receipt == null ? settle(wanted) : receipt;
  }

  private int nextUndecided(int position) {
    List<JobId> on = jobs.get(position).job().dependencies().on();
    cursor[position] = Math.max(cursor[position], 0);
    while (cursor[position] < on.size()) {
      Integer dependency = positions.get(on.get(cursor[position]));
      if (dependency != null && dependency != position && receipts[dependency] == null) {
        return dependency;
      }
      cursor[position]++;
    }
    return -1;
  }

  private EnqueueReceipt settle(int position) {
    EnqueueReceipt receipt = receipts[position];
    if (receipt == null) {
      Draft job = jobs.get(position);
      receipt = enqueuing.accept(resolve(job), place + position, now);
      receipts[position] = receipt;
      if (receipt.status() != Status.REJECTED && !receipt.id().equals(job.job().id())) {
        meant.putIfAbsent(job.job().id(), receipt.id());
      }
    }
    return receipt;
  }

  /** A dependency that was answered DUPLICATE or REPLACED means the existing job. */
  private Draft resolve(Draft job) {
    Dependencies dependencies = job.job().dependencies();
    if (dependencies.isEmpty() || meant.isEmpty()) {
      return job;
    }
    List<JobId> on =
        dependencies.on().stream().map(id -> meant.getOrDefault(id, id)).distinct().toList();
    Dependencies meantOnes =
        new Dependencies(on, dependencies.onFailure(), dependencies.onMissing());
    return new Draft(job.job().toBuilder().dependencies(meantOnes).build(), job.place());
  }
}
