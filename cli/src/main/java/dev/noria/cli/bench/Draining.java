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
    long cpuAtStart = Usage.cpuNanos();
    long start = System.nanoTime();
    bed.queue().start();
    from.await();
    long cpuInside = Usage.cpuNanos();
    to.await();
    bed.queue().stop();
    // So few jobs that one batch passed both marks: then the first ones count too.
    boolean apart = to.count() > from.count();
    long jobs = apart ? to.count() - from.count() : to.count();
    double seconds = (to.nanos() - (apart ? from.nanos() : start)) / 1e9;
    long cpu = apart ? cpuInside : cpuAtStart;
    double batch = bed.storage().acks().jobsPerCall();
    return Sample.of(jobs / seconds, Usage.since(cpu, jobs), batch);
  }
}
