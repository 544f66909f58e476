package dev.noria.verification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the modules say of themselves: read, and run on a module path. */
class ModulePathTest {
  private static final String SERVICES = "META-INF/services/";

  /** Whatever is on the class path of this test and says that it is a module. */
  private static final Map<String, ModuleReference> MODULES = modules();

  @TempDir private Path folder;

  private static Map<String, ModuleReference> modules() {
    Map<String, ModuleReference> found = new LinkedHashMap<>();
    classPath()
        .flatMap(entry -> ModuleFinder.of(Path.of(entry)).findAll().stream())
        .forEach(module -> found.putIfAbsent(module.descriptor().name(), module));
    return found;
  }

  private static Stream<String> classPath() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(path.split(File.pathSeparator, -1)).filter(entry -> !entry.isEmpty());
  }

  private static Stream<ModuleReference> ours() {
    return MODULES.values().stream()
        .filter(module -> module.descriptor().name().startsWith("dev.noria."))
        .filter(module -> !module.descriptor().isAutomatic());
  }

  /** The modules and all that they need to be there. */
  private static Set<String> closure(String... roots) {
    Set<String> needed = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(roots));
    while (!next.isEmpty()) {
      ModuleReference module = MODULES.get(next.pop());
      if (module != null && needed.add(module.descriptor().name())) {
        module.descriptor().requires().stream()
            .map(ModuleDescriptor.Requires::name)
            .forEach(next::push);
      }
    }
    return needed;
  }

  private static String place(ModuleReference module) {
    return Path.of(module.location().orElseThrow()).toString();
  }

  private static Set<String> lines(ModuleReader reader, String service) {
    try {
      Optional<InputStream> file = reader.open(SERVICES + service);
      if (file.isEmpty()) {
        return Set.of();
      }
      try (InputStream in = file.get()) {
        return new String(in.readAllBytes(), UTF_8)
            .lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void provides_isWhatTheServiceFilesSay() throws IOException {
    List<String> providers = new ArrayList<>();
    for (ModuleReference module : ours().toList()) {
      Map<String, Set<String>> said = new TreeMap<>();
      module
          .descriptor()
          .provides()
          .forEach(one -> said.put(one.service(), new TreeSet<>(one.providers())));
      Map<String, Set<String>> filed = new TreeMap<>();
      try (ModuleReader reader = module.open();
          Stream<String> names = reader.list()) {
        names
            .filter(name -> name.startsWith(SERVICES) && !name.endsWith("/"))
            .map(name -> name.substring(SERVICES.length()))
            .forEach(service -> filed.put(service, lines(reader, service)));
      }
      assertThat(filed).as(module.descriptor().name()).isEqualTo(said);
      said.values().forEach(providers::addAll);
    }
    assertThat(providers)
        .contains(
            "dev.noria.storage.memory.MemoryStorageProvider",
            "dev.noria.storage.sqlite.SqliteStorageProvider",
            "dev.noria.retries.RetriesProvider")
        .hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void memoryAndSqlite_workFromTheModulePath() throws Exception {
    Set<String> needed =
        closure(
            "dev.noria.core",
            "dev.noria.storage.memory",
            "dev.noria.storage.sqlite",
            "dev.noria.retries");

    Process process = start(needed, "memory:", "sqlite:" + folder.resolve("jobs.db"));
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    List<String> said = Files.readAllLines(folder.resolve("out"));
    assertThat(said)
        .containsExactly(
            "dev.noria.core with dev.noria.storage.memory and dev.noria.retries: completed",
            "dev.noria.core with dev.noria.storage.sqlite and dev.noria.retries: completed");
  }

  /** Modules on the module path, and on the class path nothing of ours but the tests. */
  private Process start(Set<String> needed, String... addresses) throws IOException {
    Set<String> modules =
        needed.stream()
            .map(MODULES::get)
            .map(ModulePathTest::place)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> ours = ours().map(ModulePathTest::place).collect(Collectors.toSet());
    String others =
        classPath()
            .filter(entry -> !modules.contains(entry) && !ours.contains(entry))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--module-path", String.join(File.pathSeparator, modules)));
    command.addAll(List.of("--add-modules", String.join(",", needed), "-cp", others));
    command.add(OnModulePath.class.getName());
    command.addAll(List.of(addresses));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }
}
