package dev.noria.cli.bench;

import dev.noria.cli.bench.AckCount.Mark;

/** P and D: how fast a backlog gets out. */
final class Draining {
  private Draining() {}

  /** All of it; the clock stops when the last ack is stored. */
  static Sample all(Bed bed, int jobs) throws InterruptedException {
    bed.fill(jobs);
    Mark end = bed.acks().mark(jobs);
    long cpu = Usage.cpuNanos();
    long start = System.nanoTime();
    bed.queue().start();
    double seconds = (end.await().nanos() - start) / 1e9;
    double batch = bed.storage().acks().jobsPerCall();
    return Sample.of(jobs / seconds, Usage.since(cpu, jobs), batch);
  }

  /** The second {@code part} jobs of a backlog of {@code depth}; the first ones warm up. */
  static Sample part(Bed bed, int part, int depth) throws InterruptedException {
    bed.fill(depth);
    Mark from = bed.acks().mark(part);
    Mark to = bed.acks().mark(2L * part);
    bed.queue().start();
    from.await();
    long cpu = Usage.cpuNanos();
    to.await();
    bed.queue().stop();
    long jobs = to.count() - from.count();
    double seconds = (to.nanos() - from.nanos()) / 1e9;
    double batch = bed.storage().acks().jobsPerCall();
    return Sample.of(jobs / seconds, Usage.since(cpu, jobs), batch);
  }
}
