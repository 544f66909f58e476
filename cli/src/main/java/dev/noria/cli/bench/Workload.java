package dev.noria.cli.bench;

import java.util.List;

/** What is measured. */
enum Workload {
  /** One thread, one job at a time, each awaited until it is durable. */
  E1,
  /** 64 threads, one job at a time each. */
  E2,
  /** {@code enqueueAll} in chunks of 1000. */
  E3,
  /** A backlog is drained by 10 handlers at once, until the last ack is stored. */
  P10,
  /** A backlog is drained by 100 handlers at once. */
  P100,
  /** One job to an idle worker: from the enqueue call to the start of the handler. */
  L,
  /** What a job costs behind a deep backlog, against a shallow one. */
  D;

  /** How much of each workload {@code jobs} stands for. */
  int size(int jobs) {
    return switch (this) {
      case E1 -> Math.max(1, jobs / 10);
      case E2, P10, P100 -> jobs;
      case E3 -> 2 * jobs;
      case L -> Math.max(20, Math.min(1_000, jobs / 50));
      case D -> Math.min(jobs, FULL_DEPTH);
    };
  }

  /** Whether more jobs only make a run last longer; those of L and D say what is measured. */
  boolean grows() {
    return this != L && this != D;
  }

  /** The jobs that are timed in workload D when nothing is scaled down. */
  static final int FULL_DEPTH = 100_000;

  static List<Workload> all() {
    return List.of(values());
  }
}
