package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointsTest {
  @Test
  void passThatAnotherConnectionHeldUp_isNotFinishedWhileWritersWait() {
    assertThat(new Checkpoints.Log(-1, -1).isWorthASecondPass()).isFalse();
  }

  @Test
  void passThatLeftAFewSmallCommitsOrALongLog_isFinished_oneWithALargeCommitIsNot() {
    assertThat(new Checkpoints.Log(1_012, 1_000).isWorthASecondPass()).isTrue();
    assertThat(new Checkpoints.Log(1_085, 1_000).isWorthASecondPass()).isFalse();
    assertThat(new Checkpoints.Log(8_000, 1_000).isWorthASecondPass()).isTrue();
  }
}
