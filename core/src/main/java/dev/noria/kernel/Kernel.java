package dev.noria.kernel;

import dev.noria.LoopDriver;
import dev.noria.chain.Chains;
import dev.noria.chain.Link;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Codec;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.Vitals;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.wiring.Plan;
import dev.noria.wiring.PlanRequest;
import dev.noria.wiring.Planner;
import dev.noria.wiring.ProblemCode;
import dev.noria.wiring.Services;
import dev.noria.wiring.SettingsSource;
import dev.noria.wiring.StorageOpener;
import dev.noria.wiring.Wiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An open queue: its storage, its client side, and what a worker would be made of. */
public final class Kernel implements AutoCloseable {
  private static final List<Class<? extends Capability>> CAPABILITIES =
      List.of(
          Administration.class,
          Events.class,
          Inspection.class,
          JdbcTransactions.class,
          Notes.class,
          Registers.class,
          ServerClock.class,
          Signals.class,
          Transfer.class);

  private final Setup setup;
  private final Plan plan;
  private final KernelSettings settings;
  private final Client client;
  private final Chains chains;
  private final Map<String, Handling> handlers;
  private final Waiters waiters;
  private final Codec codec;
  private final Loops loops;
  private final KernelVitals vitals;

  private Kernel(
      Setup setup, Plan plan, KernelSettings settings, Assembly assembly, Chains chains) {
    this.setup = setup;
    this.plan = plan;
    this.settings = settings;
    this.client = assembly.client;
    this.codec = assembly.codec;
    this.loops = assembly.loops;
    this.vitals = assembly.vitals;
    this.chains = chains;
    this.handlers = assembly.handlers;
    this.waiters = new Waiters(client);
  }

  /** What is made between the checked plan and the open queue. */
  private record Assembly(
      Client client,
      Codec codec,
      Map<String, Handling> handlers,
      Loops loops,
      KernelVitals vitals) {}

  /**
   * Checks everything, opens the storage, and connects the parts.
   *
   * @throws ConfigurationException with all problems at once
   */
  public static Kernel open(Setup setup) {
    ClassLoader loader = Planner.currentLoader();
    SettingsSource source = SettingsSource.load(setup.environment().settings(), loader);
    List<Problem> problems = new ArrayList<>();
    KernelSettings settings = new KernelSettings(source.kernel(), problems);
    Optional<String> uri = source.storageUri();
    QueueTime time = new QueueTime(setup.environment().time());
    if (setup.environment().storage() == null) {
      uri.ifPresent(address -> problems.addAll(new StorageOpener(loader).check(address)));
    }
    Plan plan = plan(setup, new Planner(source, time, loader), problems);
    JobStorage storage = openStorage(setup, plan, uri, loader);
    try {
      Kernel kernel = connect(setup, plan, settings, storage);
      time.follow(kernel.client.clock());
      kernel.client.listeners().start(kernel.loops::drive);
      return kernel;
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private static Plan plan(Setup setup, Planner planner, List<Problem> problems) {
    Link timeout = new Link(TimeoutStep.ID, Placement.in(Phase.INVOKE), new TimeoutStep());
    Setup.Environment environment = setup.environment();
    PlanRequest request =
        new PlanRequest(
            setup.plugins(),
            setup.services(),
            List.of(timeout),
            environment.discover(),
            environment.disabled());
    Plan plan = null;
    ConfigurationException cause = null;
    try {
      plan = planner.plan(request);
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
      cause = e;
    }
    if (plan != null) {
      expectHandlers(setup.handlers(), plan.wiring(), problems);
    }
    if (plan == null || !problems.isEmpty()) {
      throw new ConfigurationException(problems, cause);
    }
    return plan;
  }

  private static void expectHandlers(
      List<HandlerSpec> handlers, Wiring wiring, List<Problem> problems) {
    for (HandlerSpec handler : handlers) {
      try {
        handler.expect(wiring);
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
  }

  private static JobStorage openStorage(
      Setup setup, Plan plan, Optional<String> address, ClassLoader loader) {
    var own = setup.environment().storage();
    var installed = plan.storage();
    // Code is stronger than files and the environment: what they name is what runs without it.
    boolean coded = setup.environment().settings().containsKey("noria.storage");
    Optional<String> uri = own == null || coded ? address : Optional.empty();
    int named = (own == null ? 0 : 1) + (installed.isPresent() ? 1 : 0) + (uri.isPresent() ? 1 : 0);
    if (named > 1) {
      throw problem(
          ProblemCode.SEVERAL_STORAGES,
          "The storage was named "
              + named
              + " times: by an address, by the builder or by a plugin."
              + " Expected one. Remove the others; look at the setting noria.storage too.");
    }
    if (own != null) {
      return own.get();
    }
    if (installed.isPresent()) {
      return installed.get().get();
    }
    return new StorageOpener(loader)
        .open(
            uri.orElseThrow(
                () ->
                    problem(
                        ProblemCode.NO_STORAGE,
                        "No storage was named. Expected one address or storage plugin. Call"
                            + " JobQueue.open(\"sqlite:jobs.db\"), use a storage plugin, or set"
                            + " noria.storage.")));
  }

  private static ConfigurationException problem(ProblemCode code, String message) {
    return new ConfigurationException(List.of(code.problem(message)));
  }

  private static Kernel connect(
      Setup setup, Plan plan, KernelSettings settings, JobStorage storage) {
    Services services = plan.services();
    services.bind(Codec.class, new JsonCodec());
    Codec codec = services.find(Codec.class).orElseThrow();
    Client client = client(setup, plan, settings, storage, codec);
    for (Class<? extends Capability> type : CAPABILITIES) {
      bind(services, type, client.storage());
    }
    services.bind(Jobs.class, client);
    LoopDriver driver = setup.environment().driver();
    Loops loops = new Loops(driver, client.clock(), settings.worker.stallAfter());
    KernelVitals vitals = new KernelVitals(loops, client.clock(), client.listeners());
    services.bind(Vitals.class, vitals);
    services.open();
    Map<String, Handling> handlers = new LinkedHashMap<>();
    for (HandlerSpec handler : setup.handlers()) {
      handlers.put(handler.kind().name(), handler.make(plan.wiring()));
    }
    List<Link> links = new ArrayList<>(plan.links());
    links.add(new Link(PayloadStep.ID, Placement.in(Phase.INVOKE), new PayloadStep()));
    Chains chains = Chains.compile(links);
    client.compiled(chains);
    Assembly assembly = new Assembly(client, codec, Map.copyOf(handlers), loops, vitals);
    return new Kernel(setup, plan, settings, assembly, chains);
  }

  private static <T extends Capability> void bind(
      Services services, Class<T> type, JobStorage storage) {
    storage.capability(type).ifPresent(capability -> services.bind(type, capability));
  }

  private static Client client(
      Setup setup, Plan plan, KernelSettings settings, JobStorage storage, Codec codec) {
    ServerClock server = storage.capability(ServerClock.class).orElse(null);
    KernelClock clock =
        new KernelClock(setup.environment().time(), server, settings.worker.lease());
    Listeners listeners = new Listeners(plan.listeners());
    GuardedStorage guarded =
        new GuardedStorage(storage, clock, listeners, new StorageObservers(plan.observers()));
    Payloads payloads = new Payloads(codec, plan.stages());
    Client.ClientParts parts =
        new Client.ClientParts(guarded, clock, payloads, listeners, plan.services());
    JobIds ids = new JobIds(setup.environment().time());
    Calls calls = new Calls(clock, settings.enqueueTimeout);
    EnqueuePath path = new EnqueuePath(parts, calls, settings.enqueueTimeout);
    return new Client(parts, new JobMaker(payloads, clock, ids), calls, path);
  }

  /** The calling side. */
  public Client client() {
    return client;
  }

  Setup setup() {
    return setup;
  }

  /** The checked plan. */
  public Plan plan() {
    return plan;
  }

  Loops loops() {
    return loops;
  }

  KernelVitals vitals() {
    return vitals;
  }

  WorkerOptions workerOptions() {
    return settings.worker;
  }

  Chains chains() {
    return chains;
  }

  Map<String, Handling> handlers() {
    return handlers;
  }

  /** The waiters; the first use makes them hear the storage. */
  Waiters waiters() {
    waiters.hear();
    return waiters;
  }

  Codec codec() {
    return codec;
  }

  /** The chains of all points, one a line. */
  public String describe() {
    return chains.describe();
  }

  @Override
  public void close() {
    waiters.close();
    client.listeners().stop();
    loops.stop();
    client.storage().close();
  }
}
