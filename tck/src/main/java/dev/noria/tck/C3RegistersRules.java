package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.storage.Registers;
import dev.noria.storage.Registers.Register;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Small versioned entries (C3.1 to C3.4). */
abstract class C3RegistersRules extends CapabilityRules<Registers> {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  C3RegistersRules() {
    super(Registers.class);
  }

  private Optional<Register> get(String name) {
    return capability().get(name, rig().now());
  }

  private Optional<Register> set(String name, long version, String value) {
    return set(name, version, value, null);
  }

  private Optional<Register> set(
      String name, long version, String value, @Nullable Instant expiresAt) {
    return capability().compareAndSet(name, version, Bytes.utf8(value), expiresAt, rig().now());
  }

  private Register created(String name) {
    return set(name, 0, "value of " + name).orElseThrow();
  }

  private List<String> list(String prefix, @Nullable String after, int limit) {
    return capability().list(prefix, after, limit, rig().now()).stream()
        .map(Register::name)
        .toList();
  }

  @Test
  void c3_1_aRegisterThatNobodyWroteIsAbsent() {
    assertThat(get("r")).isEmpty();
    assertThat(set("r", 1, "x")).isEmpty();
    assertThat(capability().delete("r", 1, rig().now())).isFalse();
    assertThat(get("r")).isEmpty();
  }

  @Test
  void c3_2_zeroCreatesAndOnlyOnce() {
    Register register = set("r", 0, "one").orElseThrow();
    assertThat(register.name()).isEqualTo("r");
    assertThat(register.value()).isEqualTo(Bytes.utf8("one"));
    assertThat(register.version()).isPositive();
    assertThat(register.expiresAt()).isNull();
    assertThat(get("r")).contains(register);
    assertThat(set("r", 0, "two")).isEmpty();
    assertThat(get("r")).contains(register);
  }

  @Test
  void c3_2_onlyTheCurrentVersionIsReplaced() {
    Register first = created("r");
    Register second = set("r", first.version(), "two").orElseThrow();
    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(set("r", first.version(), "three")).isEmpty();
    assertThat(set("r", second.version() + 1, "three")).isEmpty();
    assertThat(get("r")).contains(second);
    assertThat(get("R")).isEmpty();
  }

  @Test
  void c3_2_valuesComeBackBitIdentical() {
    byte[] odd = new byte[256];
    for (int i = 0; i < odd.length; i++) {
      odd[i] = (byte) i;
    }
    byte[] large = new byte[rig().storage().info().limits().payloadBytes()];
    large[large.length - 1] = 1;
    int index = 0;
    for (Bytes value : List.of(Bytes.EMPTY, Bytes.copyOf(odd), Bytes.owned(large))) {
      String name = "r" + index++;
      capability().compareAndSet(name, 0, value, null, rig().now());
      assertThat(get(name)).map(Register::value).contains(value);
    }
  }

  @Test
  void c3_2_anExpiredRegisterIsAbsent() {
    Instant until = rig().now().plus(MINUTE);
    Register register = set("r", 0, "x", until).orElseThrow();
    assertThat(register.expiresAt()).isEqualTo(until);
    rig().time.advance(MINUTE.minusMillis(1));
    assertThat(get("r")).contains(register);
    rig().time.advance(Duration.ofMillis(2));
    assertThat(get("r")).isEmpty();
    assertThat(list("", null, 10)).isEmpty();
    assertThat(set("r", register.version(), "y")).isEmpty();
    assertThat(capability().delete("r", register.version(), rig().now())).isFalse();
    assertThat(set("r", 0, "z")).isPresent();
  }

  @Test
  void c3_2_eachWriteSetsTheExpiryAnew() {
    Register first = set("r", 0, "x", rig().now().plus(MINUTE)).orElseThrow();
    rig().time.advance(Duration.ofSeconds(50));
    Register second = set("r", first.version(), "x", rig().now().plus(MINUTE)).orElseThrow();
    rig().time.advance(Duration.ofSeconds(50));
    assertThat(get("r")).contains(second);
    set("r", second.version(), "x", null);
    rig().time.advance(Duration.ofDays(1));
    rig().maintainAll();
    assertThat(get("r")).isPresent();
  }

  @Test
  void c3_3_onlyTheCurrentVersionIsDeleted() {
    Register first = created("r");
    Register second = set("r", first.version(), "two").orElseThrow();
    assertThat(capability().delete("r", first.version(), rig().now())).isFalse();
    assertThat(get("r")).contains(second);
    assertThat(capability().delete("r", second.version(), rig().now())).isTrue();
    assertThat(get("r")).isEmpty();
    assertThat(capability().delete("r", second.version(), rig().now())).isFalse();
  }

  @Test
  void c3_aVersionIsNeverUsedTwice() {
    Set<Long> versions = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Register register = set("r", 0, "x", rig().now().plus(MINUTE)).orElseThrow();
      assertThat(versions.add(register.version())).as("version %s", register.version()).isTrue();
      Register next = set("r", register.version(), "y", register.expiresAt()).orElseThrow();
      assertThat(versions.add(next.version())).as("version %s", next.version()).isTrue();
      if (i % 3 == 0) {
        capability().delete("r", next.version(), rig().now());
      } else {
        rig().time.advance(MINUTE.plusMillis(1));
      }
      if (i % 2 == 0) {
        rig().maintainAll();
      }
      assertThat(set("r", register.version(), "stale")).isEmpty();
      assertThat(set("r", next.version(), "stale")).isEmpty();
    }
  }

  @Test
  void c3_4_namesComeInBytewiseOrderUnderTheirPrefix() {
    List<String> names =
        List.of(
            "cron:",
            "cron:a",
            "cron:a:b",
            "cron:aa",
            "cron:b",
            "cron:ä",
            "cron:\uFFFD",
            "cron:\uD800\uDC00",
            "cron;",
            "Cron:a",
            "cro",
            "cron");
    names.forEach(this::created);
    assertThat(list("cron:", null, 100)).containsExactlyElementsOf(names.subList(0, 8));
    assertThat(list("cron:a", null, 100)).containsExactly("cron:a", "cron:a:b", "cron:aa");
    assertThat(list("", null, 100))
        .startsWith("Cron:a", "cro", "cron", "cron:")
        .endsWith("cron:\uD800\uDC00", "cron;")
        .hasSize(names.size());
    assertThat(list("nobody", null, 100)).isEmpty();
  }

  @Test
  void c3_4_oddNamesAreOnlyNames() {
    List<String> names =
        Stream.of("%", "_", "*", "?", "a\\", "a'", "a\"", "../x", "a/b", " ", "{a}", "a\n", "ß")
            .sorted()
            .toList();
    names.forEach(this::created);
    for (String name : names) {
      assertThat(get(name)).map(Register::value).contains(Bytes.utf8("value of " + name));
      List<String> expected = names.stream().filter(other -> other.startsWith(name)).toList();
      assertThat(list(name, null, 100)).as("prefix '%s'", name).isEqualTo(expected);
    }
    assertThat(list("a", null, 100)).hasSize(5);
  }

  @Test
  void c3_4_pagesListEachEntryOnce() {
    List<String> names = new ArrayList<>();
    for (int i = 100; i < 150; i++) {
      names.add("p/" + i);
      created("p/" + i);
      created("q/" + i);
    }
    List<String> listed = new ArrayList<>();
    String after = null;
    while (listed.size() <= names.size()) {
      List<String> page = list("p/", after, 7);
      if (page.isEmpty()) {
        break;
      }
      assertThat(page).hasSizeLessThanOrEqualTo(7);
      listed.addAll(page);
      after = page.get(page.size() - 1);
    }
    assertThat(listed).isEqualTo(names);
    assertThat(list("p/", "p/1255", 2)).containsExactly("p/126", "p/127");
    assertThat(list("p/", "a", 1)).containsExactly("p/100");
    assertThat(list("p/", "q", 1)).isEmpty();
  }

  @Test
  void c3_2_sixteenThreadsCountWithoutALoss() {
    int each = 15;
    created("counter");
    capability()
        .compareAndSet(
            "counter", get("counter").orElseThrow().version(), number(0), null, rig().now());
    Crew.run(
        16,
        i ->
            () -> {
              for (int done = 0; done < each && Crew.goesOn(); ) {
                Register now = get("counter").orElseThrow();
                done += increment(now).isPresent() ? 1 : 0;
              }
              return i;
            });
    assertThat(get("counter")).map(Register::value).contains(number(16 * each));
  }

  private Optional<Register> increment(Register register) {
    int value = Integer.parseInt(register.value().toUtf8());
    return capability()
        .compareAndSet(register.name(), register.version(), number(value + 1), null, rig().now());
  }

  private static Bytes number(int value) {
    return Bytes.utf8(Integer.toString(value));
  }

  @Test
  void c3_2_ofEightCreatorsOneWins() {
    for (int round = 0; round < 20; round++) {
      String name = "leader" + round;
      List<Optional<Register>> answers = Crew.run(8, i -> () -> set(name, 0, "worker" + i));
      List<Register> winners = answers.stream().flatMap(Optional::stream).toList();
      assertThat(winners).hasSize(1);
      assertThat(get(name)).contains(winners.get(0));
    }
  }

  @Test
  void c3_anotherStorageOverThePlaceSeesTheSame() {
    rig().needsSharing();
    Registers other = rig().openAgain().capability(Registers.class).orElseThrow();
    Register first = created("r");
    assertThat(other.get("r", rig().now())).contains(first);
    Register second =
        other.compareAndSet("r", first.version(), Bytes.EMPTY, null, rig().now()).orElseThrow();
    assertThat(set("r", first.version(), "late")).isEmpty();
    assertThat(get("r")).contains(second);
  }

  @Test
  void c3_registersAndTheirVersionsSurviveClose() {
    rig().needsSurvival();
    Register kept = created("kept");
    Register deleted = created("deleted");
    capability().delete("deleted", deleted.version(), rig().now());
    rig().reopen();
    assertThat(get("kept")).contains(kept);
    assertThat(created("deleted").version()).isNotEqualTo(deleted.version());
  }
}
