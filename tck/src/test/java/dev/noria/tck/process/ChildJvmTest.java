package dev.noria.tck.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class ChildJvmTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildJvm start(String... arguments) throws InterruptedException {
    return ChildJvm.start(Child.class, List.of(arguments), lines::add);
  }

  private String line() throws InterruptedException {
    String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(line).as("a line from the child").isNotNull();
    return line;
  }

  @Test
  void exit_linesCodeAndErrorsAreHeard() throws InterruptedException {
    try (ChildJvm child = start("exit", "7")) {
      assertThat(child.await(PATIENCE)).isEqualTo(7);
      assertThat(lines).containsExactly("exit", "grüße");
      assertThat(child.errors()).contains("trouble");
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void kill_isSigkill() throws InterruptedException {
    try (ChildJvm child = start("wait")) {
      assertThat(line()).isEqualTo("wait");
      child.kill();
      assertThat(child.await(PATIENCE)).isEqualTo(137);
      assertThat(lines).doesNotContain("hook");
    }
  }

  @Test
  void terminate_isSigtermAndRunsTheHooks() throws InterruptedException {
    try (ChildJvm child = start("wait")) {
      assertThat(line()).isEqualTo("wait");
      child.terminate();
      assertThat(child.await(PATIENCE)).isEqualTo(143);
      assertThat(lines).contains("hook");
    }
  }

  @Test
  void interrupt_isSigintAndRunsTheHooks() throws InterruptedException {
    try (ChildJvm child = start("wait")) {
      assertThat(line()).isEqualTo("wait");
      child.interrupt();
      assertThat(child.await(PATIENCE)).isEqualTo(130);
      assertThat(lines).contains("hook");
    }
  }

  @Test
  void await_childThatLives_failsAndLeavesItAlive() throws InterruptedException {
    try (ChildJvm child = start("wait")) {
      line();
      assertThatThrownBy(() -> child.await(Duration.ofMillis(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("still lives");
      assertThat(child.isAlive()).isTrue();
    }
  }

  @Test
  void close_killsTheChild() throws InterruptedException {
    ChildJvm child = start("wait");
    line();
    child.close();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void parentKilled_grandchildDies() throws Exception {
    try (ChildJvm child = start("parent")) {
      long grandchild = Long.parseLong(line());
      Optional<ProcessHandle> handle = ProcessHandle.of(grandchild);
      assertThat(handle).isPresent();
      child.kill();
      handle.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(handle.get().isAlive()).isFalse();
    }
  }

  @Test
  void parentExits_grandchildDies() throws Exception {
    try (ChildJvm child = start("parent")) {
      Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(line()));
      child.terminate();
      child.await(PATIENCE);
      if (handle.isPresent()) {
        handle.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(handle.filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void seventhChild_waitsForAPlace() throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < ChildJvm.MOST; i++) {
        children.add(start("wait"));
        line();
      }
      // A thread of its own: the common pool, which may have only one, must stay free for exits.
      CompletableFuture<ChildJvm> seventh =
          CompletableFuture.supplyAsync(this::startUnchecked, task -> new Thread(task).start());
      assertThatThrownBy(() -> seventh.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(lines).isEmpty();
      children.get(0).kill();
      children.add(seventh.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      assertThat(line()).isEqualTo("wait");
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  private ChildJvm startUnchecked() {
    try {
      return start("wait");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
