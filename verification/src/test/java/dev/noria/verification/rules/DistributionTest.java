package dev.noria.verification.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.StorageProvider;
import dev.noria.wiring.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is around the sources: poms, pages, markers. */
class DistributionTest {
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>(noria-[a-z-]+)</artifactId>");
  private static final Pattern NOT_PUBLISHED =
      Pattern.compile("<maven.deploy.skip>true|<packaging>pom");

  /** Their parent says that they are not published. */
  private static final Path EXAMPLES = SourceTree.ROOT.resolve("examples");

  private static String read(Path file) throws IOException {
    return Files.readString(SourceTree.ROOT.resolve(file));
  }

  /** The module's own artifact: the first one that is not its parent's. */
  private static String artifact(String pom) {
    Matcher matcher = ARTIFACT.matcher(pom.substring(pom.indexOf("</parent>")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void bom_listsEveryPublishedModule() throws IOException {
    assertThat(read(EXAMPLES.resolve("pom.xml"))).containsPattern(NOT_PUBLISHED);
    Set<String> published = new TreeSet<>();
    try (Stream<Path> all = Files.walk(SourceTree.ROOT, 3)) {
      List<Path> poms =
          all.filter(path -> path.endsWith("pom.xml"))
              .filter(path -> !path.getParent().equals(SourceTree.ROOT))
              .filter(path -> !path.startsWith(EXAMPLES))
              .filter(path -> !path.toString().contains("/target/"))
              .toList();
      for (Path path : poms) {
        String pom = read(path);
        if (pom.contains("</parent>") && !NOT_PUBLISHED.matcher(pom).find()) {
          published.add(artifact(pom));
        }
      }
    }
    Matcher listed = ARTIFACT.matcher(read(Path.of("bom/pom.xml")));
    Set<String> inBom = new TreeSet<>();
    while (listed.find()) {
      inBom.add(listed.group(1));
    }
    boolean removed = inBom.remove("noria-bom");
    assertThat(removed).isTrue();
    assertThat(inBom).isEqualTo(published).contains("noria-spi", "noria-core");
  }

  @Test
  void everyProblem_hasItsPage() throws IOException {
    for (ProblemCode code : ProblemCode.values()) {
      assertThat(read(Path.of("docs/errors", code.code() + ".md"))).contains(code.code());
    }
  }

  @Test
  void everyProvider_hasItsMarker() throws IOException {
    int storages = 0;
    for (StorageProvider provider : ServiceLoader.load(StorageProvider.class)) {
      for (String scheme : provider.schemes()) {
        assertThat(marker("META-INF/noria/storages/" + scheme))
            .isEqualTo(provider.getClass().getName());
        storages++;
      }
    }
    int plugins = 0;
    for (PluginProvider provider : ServiceLoader.load(PluginProvider.class)) {
      assertThat(marker("META-INF/noria/plugins/" + provider.id()))
          .isEqualTo(provider.getClass().getName());
      plugins++;
    }
    assertThat(storages).isGreaterThanOrEqualTo(2);
    assertThat(plugins).isGreaterThanOrEqualTo(1);
  }

  @Test
  void everyScheme_standsInThePageOfSettingsAndInTheReadme() throws IOException {
    String settings = read(Path.of("docs/configuration.md"));
    String readme = read(Path.of("README.md"));
    for (StorageProvider provider : ServiceLoader.load(StorageProvider.class)) {
      for (String scheme : provider.schemes()) {
        assertThat(settings).as(scheme).contains("`" + scheme + ":");
        assertThat(readme).as(scheme).contains("`" + scheme + ":`");
      }
    }
  }

  @Test
  void everyKernelSetting_standsInThePageOfSettingsWithARange() throws IOException {
    String settings = read(Path.of("docs/configuration.md"));
    assertThat(settings.lines().filter(line -> line.startsWith("| `noria.")))
        .hasSizeGreaterThanOrEqualTo(7)
        .allSatisfy(
            row -> assertThat(row.split("\\|", -1)[4].strip()).as(row).isNotIn("", "–", "-"));
  }

  @Test
  void everyPublishedModule_hasAModuleName() throws IOException {
    for (String module : SourceTree.modules()) {
      String pom = read(Path.of(module, "pom.xml"));
      boolean published =
          !NOT_PUBLISHED.matcher(pom).find() && !module.startsWith(EXAMPLES.getFileName() + "/");
      boolean named =
          Files.exists(SourceTree.ROOT.resolve(module).resolve("src/main/java/module-info.java"))
              || pom.contains("<Automatic-Module-Name>dev.noria.");
      assertThat(named || !published).as(module).isTrue();
    }
  }

  private static String marker(String name) throws IOException {
    try (InputStream in = DistributionTest.class.getClassLoader().getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), UTF_8).strip();
    }
  }
}
