package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.file.sim.Loss;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem.Kind;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CommitLogTest {
  private final SimDisk disk = new SimDisk();

  @Test
  void catchUp_afterOthersCommitted_followsAllInOrder() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    LogRig other = LogRig.open(disk, "other");
    for (int i = 0; i < 11; i++) {
      one.append("c" + i);
    }
    assertThat(other.log.catchUp()).isTrue();
    assertThat(other.state).isEqualTo(one.state).hasSize(11);
    assertThat(other.log.place()).isEqualTo(one.log.place());
    assertThat(other.log.catchUp()).isFalse();
  }

  @Test
  void append_whenOthersWereFaster_followsThemFirst() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    LogRig other = LogRig.open(disk, "other");
    one.append("a");
    one.append("b");
    assertThat(other.append("c")).isEqualTo(3);
    assertThat(other.state).containsExactly("a", "b", "c");
  }

  @Test
  void append_fromManyThreads_givesOneOrder() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<LogRig> rigs = new ArrayList<>();
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        LogRig rig = LogRig.open(disk, "p" + i);
        rigs.add(rig);
        Callable<Void> run =
            () -> {
              for (int n = 0; n < 200; n++) {
                rig.append(rig.drafts.next().getFileName() + "/" + n);
              }
              return null;
            };
        runs.add(pool.submit(run));
      }
      for (Future<?> run : runs) {
        run.get();
      }
      for (LogRig rig : rigs) {
        rig.log.catchUp();
        assertThat(rig.state).hasSize(600).doesNotHaveDuplicates().isEqualTo(rigs.get(0).state);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void append_inARetiredFolder_isRefused() throws IOException {
    LogRig lagging = LogRig.open(disk, "lagging");
    LogRig one = LogRig.open(disk, "one");
    for (int i = 0; i < 9; i++) {
      one.append("c" + i);
    }
    String first = lagging.log.place().folder();
    one.disk.move(one.layout.log().resolve(first), one.layout.content().resolve(first));
    assertThatThrownBy(() -> lagging.append("late")).isInstanceOf(LaggingException.class);
    assertThatThrownBy(lagging.log::catchUp).isInstanceOf(LaggingException.class);
  }

  @Test
  void catchUp_acrossACommitThatIsDamaged_passesItOver() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    for (int i = 0; i < 3; i++) {
      one.append("c" + i);
    }
    disk.damage((SimPath) one.file(2), Frame.BYTES + 5);
    LogRig other = LogRig.open(disk, "other");
    other.log.catchUp();
    assertThat(other.state).containsExactly("c0", "c2");
    assertThat(other.corrupt).containsExactly(2L);
  }

  @Test
  void catchUp_acrossADamagedCloseOfAFolder_findsTheNextFolder() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    String first = one.log.place().folder();
    for (int i = 0; i < 5; i++) {
      one.append("c" + i);
    }
    SimPath close = (SimPath) one.layout.log().resolve(first).resolve(Names.of(4));
    disk.damage(close, 9);
    LogRig other = LogRig.open(disk, "other");
    other.log.catchUp();
    assertThat(other.state).isEqualTo(one.state);
    assertThat(other.append("more")).isEqualTo(one.log.place().next());
  }

  /** Who passes the close over can not know which is the next; who read it before does. */
  @Test
  void catchUp_acrossADamagedCloseWithFoldersLeftBehind_leavesOneForAll() throws IOException {
    for (long mark : new long[] {0, Long.MAX_VALUE}) {
      SimDisk host = new SimDisk();
      LogRig one = LogRig.open(host, "one");
      one.append("a");
      SimPath close = (SimPath) one.file(2);
      one.log.close();
      String known = one.log.place().folder();
      String stray = Names.folder(3, mark);
      one.disk.createFolder(one.layout.log().resolve(stray));
      host.damage(close, Frame.BYTES);
      LogRig other = LogRig.open(host, "other");
      other.log.catchUp();
      assertThat(one.disk.list(one.layout.log())).hasSize(2).contains(other.log.place().folder());
      if (other.log.place().folder().equals(known)) {
        one.append("b");
      } else {
        assertThatThrownBy(() -> one.append("b")).isInstanceOf(LaggingException.class);
      }
      other.append("c");
      LogRig third = LogRig.open(host, "third");
      third.log.catchUp();
      assertThat(third.state).isEqualTo(other.state).endsWith("c");
    }
  }

  @Test
  void append_wasAnswered_survivesEveryLossOfPower() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      SimDisk host = new SimDisk();
      LogRig one = LogRig.open(host, "one");
      for (int i = 0; i < 9; i++) {
        one.append("c" + i);
      }
      host.cutPower(seed == 0 ? Loss.all() : seed == 1 ? Loss.data() : Loss.some(seed));
      LogRig later = LogRig.open(host, "later");
      later.log.catchUp();
      assertThat(later.state).as("seed %d", seed).isEqualTo(one.state);
    }
  }

  @Test
  void append_atEveryCrashPoint_isWholeOrAbsentAndTheLogGoesOn() throws IOException {
    int states = 0;
    for (int before = 0; before < 6; before++) {
      for (int point = 0; ; point++) {
        boolean finished = true;
        for (int seed = 0; seed < 8; seed++) {
          finished &= crash(before, point, seed);
          states++;
        }
        if (finished) {
          break;
        }
      }
    }
    System.out.println("log: states explored: " + states);
    assertThat(states).isGreaterThan(200);
  }

  /** Whether the append was over before the crash. */
  private static boolean crash(int before, int point, int seed) throws IOException {
    SimDisk host = new SimDisk();
    LogRig one = LogRig.open(host, "one");
    for (int i = 0; i < before; i++) {
      one.append("c" + i);
    }
    List<String> acknowledged = new ArrayList<>(one.state);
    one.system.stopAfter(point);
    boolean answered = true;
    try {
      one.append("last");
    } catch (IOException e) {
      answered = false;
    }
    boolean finished = answered && !one.system.isDead();
    one.system.kill();
    if (seed > 0) {
      host.cutPower(seed == 1 ? Loss.all() : Loss.some(seed));
    }
    LogRig later = LogRig.open(host, "later");
    later.log.catchUp();
    later.log.passGap();
    if (answered || later.state.size() > acknowledged.size()) {
      acknowledged.add("last");
    }
    assertThat(later.state).isEqualTo(acknowledged);
    later.append("more");
    LogRig again = LogRig.open(host, "again");
    again.log.catchUp();
    assertThat(again.state).isEqualTo(later.state);
    return finished;
  }

  @Test
  void passGap_behindALostName_leavesTheRestBehind() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    one.append("a");
    SimPath second = (SimPath) one.file(2);
    one.append("b");
    one.append("ghost");
    one.system.provider().delete(second);
    LogRig other = LogRig.open(disk, "other");
    other.log.catchUp();
    other.log.passGap();
    other.append("c");
    LogRig third = LogRig.open(disk, "third");
    third.log.catchUp();
    assertThat(third.state).containsExactly("a", "c");
  }

  @Test
  void append_isAnsweredAfterTheSyncsOfFileAndFolder() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    int from = one.system.steps().size();
    one.append("a");
    assertThat(one.system.steps().subList(from, one.system.steps().size()))
        .extracting(step -> step.kind())
        .containsExactly(
            Kind.CREATE, Kind.WRITE, Kind.SYNC, Kind.LINK, Kind.SYNC_FOLDER, Kind.DELETE);
  }

  @Test
  void sync_thatFails_leavesTheLogInDoubt() throws IOException {
    LogRig one = LogRig.open(disk, "one");
    one.system.fail(step -> step.kind() == Kind.SYNC_FOLDER, "Input/output error");
    assertThatThrownBy(() -> one.append("a")).hasMessageContaining("Input/output error");
    assertThat(one.log.isDoubtful()).isTrue();
  }
}
