package dev.noria.verification.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.verification.rules.SourceTree.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the style guide says of names, sizes and words. */
class SourceRulesTest {
  private static final int MOST_LINES = 400;
  private static final int MOST_METHOD_LINES = 60;

  private static final Pattern BANNED_TYPE =
      Pattern.compile("(Abstract|Default|Base)[A-Z].*|.*(Impl|Util|Utils|Helper|Manager|Factory)");
  private static final Set<String> BANNED_PACKAGES =
      Set.of("impl", "util", "utils", "common", "model", "dto", "helper", "manager");
  private static final Map<String, String> ALLOWED_PACKAGES =
      Map.of("dev.noria.tck.model", "the reference model: what the word means");

  private static final Pattern SQL =
      Pattern.compile(
          "(?is)\\b(select\\s.+\\sfrom\\s|insert\\s+into\\s|update\\s+\\w+\\s+set\\s"
              + "|delete\\s+from\\s|create\\s+(table|index|unique)|pragma\\s+\\w|begin\\s+immediate).*");

  private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern OFF = Pattern.compile("@Dis" + "abled");

  @Test
  void files_areShort() {
    assertThat(SourceTree.files(file -> file.lines().size() > MOST_LINES))
        .extracting(file -> file.path() + " has " + file.lines().size() + " lines")
        .isEmpty();
  }

  @Test
  void methods_areShort() {
    List<String> tooLong = new ArrayList<>();
    for (SourceFile file : SourceTree.files(file -> true)) {
      file.methods().stream()
          .filter(method -> method.lines() > MOST_METHOD_LINES)
          .forEach(m -> tooLong.add(file.path() + " " + m.name() + ": " + m.lines() + " lines"));
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void types_sayWhatIsDifferent() {
    List<String> banned = new ArrayList<>();
    for (SourceFile file : SourceTree.files(file -> true)) {
      file.types().stream()
          .filter(type -> BANNED_TYPE.matcher(type.name()).matches())
          .forEach(type -> banned.add(file.path() + ": " + type.name()));
    }
    assertThat(banned).isEmpty();
  }

  @Test
  void packages_areCutByFeature() {
    assertThat(SourceTree.files(file -> !ALLOWED_PACKAGES.containsKey(file.packageName())))
        .extracting(SourceFile::packageName)
        .allSatisfy(
            name -> assertThat(name.split("\\.", -1)).doesNotContainAnyElementsOf(BANNED_PACKAGES));
  }

  @Test
  void packages_areNullMarked() {
    Set<String> all = new TreeSet<>();
    Set<String> marked = new TreeSet<>();
    for (SourceFile file :
        SourceTree.files(file -> !file.test() && !file.packageName().isEmpty())) {
      all.add(file.module() + " " + file.packageName());
      if (file.isPackageInfo() && file.lines().contains("@NullMarked")) {
        marked.add(file.module() + " " + file.packageName());
      }
    }
    assertThat(all).isNotEmpty().isEqualTo(marked);
  }

  @Test
  void sql_standsInResources() {
    List<String> found = new ArrayList<>();
    for (SourceFile file : SourceTree.published()) {
      if (!file.module().matches("tck|cli")) {
        file.literals().stream()
            .filter(text -> SQL.matcher(text).find())
            .forEach(text -> found.add(file.path() + ": " + text));
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void nothing_isLeftForLaterOrTurnedOff() {
    List<String> found = new ArrayList<>();
    for (SourceFile file : SourceTree.files(file -> true)) {
      file.lines().stream()
          .filter(line -> LATER.matcher(line).find() || OFF.matcher(line).find())
          .forEach(line -> found.add(file.path() + ": " + line.strip()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void publicTypes_areFew() {
    List<SourceFile> core = SourceTree.files(f -> f.module().equals("core") && !f.test());
    long all = topLevel(core, false);
    assertThat(topLevel(core, true) * 100).as("public types of core").isLessThanOrEqualTo(all * 40);
    for (String module : SourceTree.modules()) {
      List<SourceFile> plugin =
          SourceTree.files(f -> f.module().equals(module) && !f.test() && f.isPlugin());
      assertThat(topLevel(plugin, true)).as("public types of " + module).isLessThanOrEqualTo(4);
    }
  }

  private static long topLevel(List<SourceFile> files, boolean onlyPublic) {
    return files.stream()
        .flatMap(file -> file.types().stream())
        .filter(type -> type.topLevel() && (type.isPublic() || !onlyPublic))
        .count();
  }
}
