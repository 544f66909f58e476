package dev.noria.verification.rules;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** All Java files of the repository, parsed. */
final class SourceTree {
  static final Path ROOT = root();
  private static final List<SourceFile> FILES = parse();

  private SourceTree() {}

  /** A named type: where it stands, and whether others can see it. */
  record Type(String name, boolean topLevel, boolean isPublic) {}

  /** A method with its length. */
  record Method(String name, long lines) {}

  /**
   * A Java file.
   *
   * @param path from the root of the repository
   * @param module its folder, such as {@code plugins/retries}
   * @param test whether it is test code
   * @param packageName its package
   * @param lines its text
   */
  record SourceFile(
      Path path,
      String module,
      boolean test,
      String packageName,
      List<String> lines,
      List<Type> types,
      List<Method> methods,
      List<String> literals) {

    boolean isPlugin() {
      return module.startsWith("plugins/");
    }

    boolean isPackageInfo() {
      return path.endsWith("package-info.java");
    }

    /** The lines that are not comments. */
    Stream<String> code() {
      return lines.stream()
          .map(String::strip)
          .filter(line -> !line.startsWith("*") && !line.startsWith("/") && !line.isEmpty());
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("spi/src/main/java"))) {
      folder = Objects.requireNonNull(folder.getParent(), "the repository's root");
    }
    return folder;
  }

  static List<SourceFile> files(Predicate<SourceFile> which) {
    return FILES.stream().filter(which).toList();
  }

  /** What others get to use: no tests, no benchmarks, no examples. */
  static List<SourceFile> published() {
    return files(
        file -> !file.test && !file.module.matches("(benchmarks|examples|verification).*"));
  }

  /** Folders of the modules that have sources. */
  static Set<String> modules() {
    return FILES.stream().map(SourceFile::module).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The packages of the main sources of a module. */
  static Set<String> packages(String module) {
    return FILES.stream()
        .filter(file -> !file.test && file.module.equals(module) && !file.packageName.isEmpty())
        .map(SourceFile::packageName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The packages that a module exports to everybody; all of them where it says nothing. */
  static Set<String> exported(String module) {
    return FILES.stream()
        .filter(file -> !file.test && file.module.equals(module))
        .filter(file -> file.path.endsWith("module-info.java"))
        .findFirst()
        .map(
            info ->
                info.code()
                    .filter(line -> line.startsWith("exports ") && line.endsWith(";"))
                    .map(line -> line.substring("exports ".length(), line.length() - 1))
                    .collect(Collectors.<String, Set<String>>toCollection(TreeSet::new)))
        .orElseGet(() -> packages(module));
  }

  private static List<SourceFile> parse() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> paths = javaFiles();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(paths));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<SourceFile> files = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        files.add(file(unit, positions));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> path.toString().contains("/src/"))
          .filter(path -> !path.toString().contains("/target/"))
          .toList();
    }
  }

  private static SourceFile file(CompilationUnitTree unit, SourcePositions positions)
      throws IOException {
    Path path = ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
    String text = path.toString();
    List<Type> types = new ArrayList<>();
    List<Method> methods = new ArrayList<>();
    List<String> literals = new ArrayList<>();
    Tree packageName = unit.getPackageName();
    Collector collector = new Collector(unit, positions, types, methods, literals);
    Object ignored = collector.scan(unit, 0);
    return new SourceFile(
        path,
        text.substring(0, text.indexOf("/src/")),
        !text.contains("/src/main/"),
        packageName == null ? "" : packageName.toString(),
        Files.readAllLines(ROOT.resolve(path)),
        types,
        methods,
        literals);
  }

  private static final class Collector extends TreeScanner<Object, Integer> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Type> types;
    private final List<Method> methods;
    private final List<String> literals;

    Collector(
        CompilationUnitTree unit,
        SourcePositions positions,
        List<Type> types,
        List<Method> methods,
        List<String> literals) {
      this.unit = unit;
      this.positions = positions;
      this.types = types;
      this.methods = methods;
      this.literals = literals;
    }

    @Override
    public Object visitClass(ClassTree type, Integer depth) {
      if (!type.getSimpleName().isEmpty()) {
        boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
        types.add(new Type(type.getSimpleName().toString(), depth == 0, isPublic));
      }
      return super.visitClass(type, depth + 1);
    }

    @Override
    public Object visitMethod(MethodTree method, Integer depth) {
      long first = line(positions.getStartPosition(unit, method));
      long last = line(positions.getEndPosition(unit, method));
      methods.add(new Method(method.getName().toString(), last - first + 1));
      return super.visitMethod(method, depth);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }

    @Override
    public Object visitLiteral(LiteralTree literal, Integer depth) {
      if (literal.getValue() instanceof String text) {
        literals.add(text);
      }
      return super.visitLiteral(literal, depth);
    }
  }
}
