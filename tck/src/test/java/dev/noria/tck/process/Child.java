package dev.noria.tck.process;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the children of the test do. */
final class Child {
  private Child() {}

  public static void main(String[] arguments) throws InterruptedException {
    ChildJvm.dieWithParent();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    switch (arguments[0]) {
      case "exit" -> {
        out.println("exit");
        out.println("grüße");
        System.err.println("trouble");
        System.exit(Integer.parseInt(arguments[1]));
      }
      case "wait" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("hook")));
        out.println("wait");
        new CountDownLatch(1).await();
      }
      case "parent" -> {
        ChildJvm child = ChildJvm.start(Child.class, List.of("wait"), line -> {});
        out.println(child.pid());
        new CountDownLatch(1).await();
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
