package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.file.CommitLog.Place;
import dev.noria.storage.file.sim.Loss;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
  private static final String FOLDER = Names.folder(1, 7);
  private final SimDisk host = new SimDisk();

  private Checkpoints checkpoints(LogRig rig) {
    return new Checkpoints(rig.layout, rig.disk, rig.drafts);
  }

  private static void make(Checkpoints checkpoints, long next, String state) throws IOException {
    checkpoints.publish(
        checkpoints.write(new Place(FOLDER, 1, next), out -> out.write(state.getBytes(UTF_8))));
  }

  private static String read(Checkpoints checkpoints, long sequence) throws IOException {
    AtomicReference<String> state = new AtomicReference<>("");
    Place place = checkpoints.read(sequence, in -> state.set(new String(in.readAllBytes(), UTF_8)));
    assertThat(place).isEqualTo(new Place(FOLDER, 1, sequence + 1));
    return state.get();
  }

  @Test
  void read_givesTheStateAndThePlaceBack() throws IOException {
    Checkpoints checkpoints = checkpoints(LogRig.open(host, "one"));
    String state = "x".repeat(200_000);
    make(checkpoints, 12, state);
    assertThat(checkpoints.all()).containsExactly(11L);
    assertThat(read(checkpoints, 11)).isEqualTo(state);
  }

  @Test
  void publish_survivesLossOfPower() throws IOException {
    make(checkpoints(LogRig.open(host, "one")), 12, "state");
    host.cutPower(Loss.all());
    assertThat(read(checkpoints(LogRig.open(host, "later")), 11)).isEqualTo("state");
  }

  @Test
  void read_ofADamagedOne_isRefusedBeforeAnythingIsTaken() throws IOException {
    LogRig rig = LogRig.open(host, "one");
    Checkpoints checkpoints = checkpoints(rig);
    make(checkpoints, 12, "state");
    int length = rig.disk.read(checkpoints.path(11)).length;
    for (int i = 0; i < length; i++) {
      host.damage((SimPath) checkpoints.path(11), i);
      assertThatThrownBy(() -> checkpoints.read(11, in -> assertThat(in).isNull()))
          .isInstanceOf(CorruptException.class);
      host.damage((SimPath) checkpoints.path(11), i);
    }
    assertThat(read(checkpoints, 11)).isEqualTo("state");
  }

  @Test
  void prune_keepsTheLastTwo() throws IOException {
    Checkpoints checkpoints = checkpoints(LogRig.open(host, "one"));
    assertThat(checkpoints.prune()).isEmpty();
    for (int next = 10; next <= 50; next += 10) {
      make(checkpoints, next, "state");
    }
    assertThat(checkpoints.prune()).hasValue(39);
    assertThat(checkpoints.all()).containsExactly(49L, 39L);
  }
}
