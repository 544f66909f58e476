package dev.noria.verification.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.verification.rules.SourceTree.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time comes from the kernel: nobody else reads a clock, in Java or in what runs in a database. */
class ClockRulesTest {
  /** What a wall says, and what nobody can foresee. */
  private static final Pattern WALL =
      Pattern.compile(
          "\\bnew"
              + " (Date|Random)\\(\\)|\\b((Instant|Local(Date|Time|DateTime)|ZonedDateTime|Offset(Time|DateTime)|Year|YearMonth"
              + "|MonthDay)\\s*(\\.|::)\\s*now|System\\s*(\\.|::)\\s*currentTimeMillis"
              + "|Clock\\s*(\\.|::)\\s*(system|tick)\\w*|Thread\\s*(\\.|::)\\s*sleep"
              + "|(TimeUnit\\.)?(NANO|MICRO|MILLI)?SECONDS\\s*(\\.|::)\\s*sleep|TimeUnit::sleep"
              + "|Calendar\\.getInstance|(Date|Random)::new|Math\\s*(\\.|::)\\s*random)\\b");

  private static final Map<String, String> WALL_USERS =
      Map.of(
          "core/src/main/java/dev/noria/kernel/SystemTime.java",
          "the adapter to the system's clocks");

  private static final Pattern MONOTONIC = Pattern.compile("\\bSystem\\s*(\\.|::)\\s*nanoTime\\b");

  private static final Map<String, String> MONOTONIC_USERS =
      Map.of(
          "core/src/main/java/dev/noria/kernel/SystemTime.java",
          "the adapter to the system's clocks",
          "plugins/storage-sqlite/src/main/java/dev/noria/storage/sqlite/Patience.java",
          "a storage's own waits for the lock of another process",
          "plugins/storage-sqlite/src/main/java/dev/noria/storage/sqlite/Watcher.java",
          "how long a file has been quiet",
          "plugins/storage-postgres/src/main/java/dev/noria/storage/postgres/Watcher.java",
          "when to see whether the connection still hears",
          "plugins/storage-redis/src/main/java/dev/noria/storage/redis/Server.java",
          "how long an answer is waited for",
          "plugins/storage-redis/src/main/java/dev/noria/storage/redis/Link.java",
          "when to ask a cluster again who serves what",
          "cli/src/main/java/dev/noria/cli/bench/",
          "measures",
          "cli/src/main/java/dev/noria/cli/demo/DemoCommand.java",
          "shows jobs per second",
          "tck/",
          "test code: limits of waiting, and histories");

  /** The same in SQL and Lua. */
  private static final Pattern OF_A_SERVER =
      Pattern.compile(
          "(?i)'now'|\\b(now|(date|time|datetime|julianday|unixepoch))\\s*\\(\\s*\\)"
              + "|\\bcurrent_(time|date|timestamp)\\b|\\blocaltime(stamp)?\\b"
              + "|\\b(clock|statement|transaction)_timestamp\\b|\\btimeofday\\b"
              + "|['\"]TIME['\"]|\\bos\\.(time|clock|date)\\b");

  /** What a server says in answer to {@code ServerClock}, and how often that stands in a file. */
  private static final Map<String, Integer> SERVER_CLOCKS =
      Map.of(
          "plugins/storage-postgres/src/main/resources/dev/noria/storage/postgres/sql/session.sql",
          1,
          "plugins/storage-postgres/src/main/resources/dev/noria/storage/postgres/sql/migration/"
              + "001_first.sql",
          1,
          "plugins/storage-redis/src/main/resources/dev/noria/storage/redis/lua/exchange.lua",
          1);

  private static void assertReadOnlyBy(Map<String, String> users, Pattern clock) {
    Set<String> used = new HashSet<>();
    List<String> found = new ArrayList<>();
    for (SourceFile file : SourceTree.published()) {
      file.code()
          .filter(line -> clock.matcher(line).find())
          .forEach(
              line ->
                  users.keySet().stream()
                      .filter(prefix -> file.path().toString().startsWith(prefix))
                      .findFirst()
                      .ifPresentOrElse(used::add, () -> found.add(file.path() + ": " + line)));
    }
    assertThat(found).isEmpty();
    assertThat(used).as("exceptions that are needed").isEqualTo(users.keySet());
  }

  @Test
  void wallClocksAndChance_areInTheAdapterOnly() {
    assertReadOnlyBy(WALL_USERS, WALL);
  }

  @Test
  void monotonicClocks_areReadByFew() {
    assertReadOnlyBy(MONOTONIC_USERS, MONOTONIC);
  }

  @Test
  void clocksOfServers_areReadForServerClockOnly() throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    for (Path file : resources()) {
      for (String line : Files.readAllLines(SourceTree.ROOT.resolve(file))) {
        if (OF_A_SERVER.matcher(line.replaceFirst("--.*", "")).find()) {
          found.merge(file.toString(), 1, Integer::sum);
        }
      }
    }
    assertThat(found).isEqualTo(new TreeMap<>(SERVER_CLOCKS));
  }

  private static List<Path> resources() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : SourceTree.modules()) {
      Path folder = SourceTree.ROOT.resolve(module).resolve("src/main/resources");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.walk(folder)) {
          all.filter(path -> path.toString().matches(".*\\.(sql|lua)"))
              .map(SourceTree.ROOT::relativize)
              .forEach(files::add);
        }
      }
    }
    assertThat(files).hasSizeGreaterThan(20);
    return files;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Instant.now()",
        "map(Instant::now)",
        "LocalDate.now(zone)",
        "ZonedDateTime.now()",
        "OffsetDateTime::now",
        "Clock.systemUTC()",
        "Clock.tickMillis(zone)",
        "System::currentTimeMillis",
        "TimeUnit.SECONDS.sleep(1)",
        "MILLISECONDS.sleep(1)",
        "new Random()",
        "new Date()",
      })
  void aClock_isSeen(String code) {
    assertThat(WALL.matcher(code).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"time.now()", "Clock.fixed(a, b)", "new Random(42)", "kernel.now(x)"})
  void aTimeThatIsGiven_isNone(String code) {
    assertThat(WALL.matcher(code).find()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT strftime('%s', 'now')",
        "SELECT now()",
        "DEFAULT CURRENT_TIMESTAMP",
        "extract(epoch FROM clock_timestamp())",
        "redis.call('TIME')",
        "SELECT unixepoch()",
      })
  void aClockOfAServer_isSeen(String code) {
    assertThat(OF_A_SERVER.matcher(code).find()).isTrue();
  }
}
