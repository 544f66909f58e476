package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.plugin.PayloadStage;
import dev.noria.storage.JobStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the plugins of one queue have declared so far. */
final class Declarations {
  final Services services;
  final Wiring wiring;
  final Findings findings;
  final List<Link> links = new ArrayList<>();
  final List<MiddlewareClass> classes = new ArrayList<>();
  final List<PluginListener> listeners = new ArrayList<>();
  final List<PluginObserver> observers = new ArrayList<>();
  final List<PayloadStage> stages = new ArrayList<>();
  final List<NamedLoop> loops = new ArrayList<>();
  final List<NamedAction> onStart = new ArrayList<>();
  final Deque<NamedAction> onStop = new ArrayDeque<>();
  @Nullable Supplier<? extends JobStorage> storage;
  @Nullable String storageOwner;

  Declarations(Services services, Wiring wiring, Findings findings) {
    this.services = services;
    this.wiring = wiring;
    this.findings = findings;
  }
}
