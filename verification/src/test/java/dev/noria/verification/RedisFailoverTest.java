package dev.noria.verification;

import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Masters that are killed with SIGKILL under load, while their replicas take over: what a replica
 * had not got yet is lost, unless calls waited for it.
 */
class RedisFailoverTest {
  /** Replication is a stream without end: what is younger than this may not have arrived. */
  private static final Duration LAG = Duration.ofSeconds(1);

  @TempDir private Path folder;
  private final long seed = Long.getLong("noria.test.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  /** Takes a master away, and gives it back as a replica. */
  private interface Failover {
    RedisServer kill() throws Exception;

    void awaitComplete();
  }

  @Tag("slow")
  @Test
  void sentinel_afterAFailover_goesOn() throws Exception {
    sentinel(1, "", Durability.PROCESS);
  }

  @Tag("chaos")
  @Test
  void sentinel_afterTenFailovers_hasLostAtMostWhatWasOnItsWay() throws Exception {
    sentinel(10, "", Durability.PROCESS);
  }

  @Tag("chaos")
  @Test
  void sentinel_afterTenFailovers_hasLostNothingWhenItWaitedForTheReplica() throws Exception {
    sentinel(10, "&waitReplicas=1", Durability.REPLICA);
  }

  private void sentinel(int failovers, String options, Durability promise) throws Exception {
    try (RedisSentinels servers = RedisSentinels.start(folder);
        Load load = new Load(servers.address("failover") + options)) {
      Failover failover =
          new Failover() {
            @Override
            public RedisServer kill() throws Exception {
              return servers.killMaster();
            }

            @Override
            public void awaitComplete() {
              servers.awaitComplete();
            }
          };
      report("sentinel" + options, fail(failovers, failover, load, promise));
    }
  }

  @Tag("slow")
  @Test
  void cluster_afterAFailover_goesOn() throws Exception {
    cluster(1, "", Durability.PROCESS);
  }

  @Tag("chaos")
  @Test
  void cluster_afterTenFailovers_hasLostAtMostWhatWasOnItsWay() throws Exception {
    cluster(10, "", Durability.PROCESS);
  }

  @Tag("chaos")
  @Test
  void cluster_afterTenFailovers_hasLostNothingWhenItWaitedForTheReplica() throws Exception {
    cluster(10, "&waitReplicas=1", Durability.REPLICA);
  }

  private void cluster(int failovers, String options, Durability promise) throws Exception {
    try (RedisCluster servers = RedisCluster.start(folder);
        Load load = new Load(servers.address("failover") + options)) {
      Failover failover =
          new Failover() {
            @Override
            public RedisServer kill() throws Exception {
              return servers.killOwner("failover");
            }

            @Override
            public void awaitComplete() {
              servers.awaitComplete();
            }
          };
      report("cluster" + options, fail(failovers, failover, load, promise));
    }
  }

  private Verdict fail(int failovers, Failover failover, Load load, Durability promise)
      throws Exception {
    for (int i = 0; i < failovers; i++) {
      load.awaitWork(random.nextInt(50, 400));
      load.stand.faultBegins("failover-" + i, Durability.REPLICA);
      RedisServer dead = failover.kill();
      load.stand.faultEnds("failover-" + i);
      if (promise == Durability.REPLICA) {
        // Until there is a replica again no call succeeds.
        dead.restart();
        failover.awaitComplete();
        load.assertResumes();
      } else {
        load.assertResumes();
        dead.restart();
        failover.awaitComplete();
      }
    }
    return load.finish(promise, LAG).label("failovers", failovers).label("seed", seed);
  }

  private static void report(String where, Verdict verdict) {
    System.out.println("failover, " + where + ": " + verdict.line());
  }
}
