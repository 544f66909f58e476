package dev.noria.wiring;

import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A main that wires a queue, for a child process whose stderr a test reads. */
public final class QuietWiring {
  private QuietWiring() {}

  /** Where the classes say that they were made. */
  record Made(List<String> names) {}

  /** Made by constructor injection. */
  static final class Watching implements Middleware {
    Watching(Made made) {
      made.names().add("middleware");
    }

    @Override
    public Outcome process(ProcessChain chain) {
      return chain.proceed();
    }
  }

  /** Made by constructor injection. */
  record Handler(Made made, TimeSource time) {
    Handler {
      made.names().add("handler");
    }
  }

  /** Wires, and prints what was made. */
  public static void main(String[] arguments) {
    Made made = new Made(new ArrayList<>());
    ClassLoader loader = Planner.currentLoader();
    Plan plan =
        new Planner(SettingsSource.load(Map.of(), loader), new FixedTime(), loader)
            .plan(
                new PlanRequest(
                    List.of(
                        Plugin.of(
                            "p",
                            installer -> {
                              installer.middleware(Placement.in(Phase.ADMIT), Watching.class);
                              installer.provide(Runnable.class, () -> {});
                            })),
                    Map.of(Made.class, made),
                    List.of(),
                    true,
                    Set.of()));
    plan.services().open();
    plan.wiring().create(Handler.class);
    System.out.print(made.names());
  }
}
