package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobType;
import dev.noria.job.WorkerInfo;
import java.util.List;

/** Who works, on what, and whether all is well. */
public final class Workers {
  static final JobType<String> MAIL = JobType.of("mail", String.class).queue("mail");

  public static void main(String... args) {
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.handle(MAIL, (to, job) -> {}).workOn("more").start();
      for (WorkerInfo worker : workers(queue, 1)) {
        System.out.println("queues: " + worker.queues().stream().sorted().toList());
        System.out.println("types: " + worker.types());
        System.out.println("this process: " + (worker.pid() == ProcessHandle.current().pid()));
      }
      System.out.println("health: " + queue.health().status());

      queue.stop(); // signs off; one that is killed is forgotten after 30 s
      System.out.println("workers: " + workers(queue, 0).size());
    }
  }

  /** A worker signs on soon after its start. */
  private static List<WorkerInfo> workers(JobQueue queue, int expected) {
    List<WorkerInfo> workers = queue.workers();
    while (workers.size() != expected) {
      Thread.onSpinWait();
      workers = queue.workers();
    }
    return workers;
  }

  private Workers() {}
}
