package dev.noria.tck.network;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Passes connections on to a server until it is told to break them. Listens on 127.0.0.1 only. A
 * cut resets both sides, so that neither can take it for an orderly end. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;

  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean frozen;
  private long delayNanos;
  private volatile boolean refusing;
  private volatile boolean closed;
  private volatile @Nullable Trap trap;

  private TcpProxy(InetSocketAddress server, ServerSocket listening) {
    this.server = server;
    this.listening = listening;
  }

  /** Passes everything on to {@code server} until it is told otherwise. */
  public static TcpProxy to(InetSocketAddress server) {
    requireNonNull(server, "server");
    try {
      TcpProxy proxy = new TcpProxy(server, new ServerSocket(0, 200, here()));
      Thread acceptor = new Thread(proxy::accept, "noria-proxy-" + proxy.port());
      acceptor.setDaemon(true);
      acceptor.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on 127.0.0.1.", e);
    }
  }

  /** Passes everything on to a server on this host. */
  public static TcpProxy to(int port) {
    return to(new InetSocketAddress(here(), port));
  }

  /** Not the loopback address of Java, which may be that of IPv6. */
  private static InetAddress here() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address.", e);
    }
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listening.accept();
        connect(client);
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException("The proxy listens no more.", e);
        }
      }
    }
  }

  private void connect(Socket client) {
    if (refusing || closed) {
      refuse(client);
      return;
    }
    Socket onward = new Socket();
    try {
      onward.connect(server, CONNECT_MILLIS);
      onward.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      Link.close(onward, true);
      refuse(client);
      return;
    }
    Link link = new Link(this, client, onward);
    links.add(link);
    link.start("noria-proxy-" + port() + "-" + accepted.incrementAndGet());
    if (closed) {
      link.end(true);
    }
  }

  private void refuse(Socket client) {
    refused.incrementAndGet();
    Link.close(client, true);
  }

  /** The next connection that meets {@code cut} is cut; replaces one that still waits. */
  public void arm(Cut cut) {
    trap = new Trap(requireNonNull(cut, "cut"));
  }

  /** Whether a cut still waits for its connection. */
  public boolean isArmed() {
    Trap armed = trap;
    return armed != null && !armed.isSprung();
  }

  /** Takes back a cut that still waits. */
  public void disarm() {
    trap = null;
  }

  /**
   * Cuts every connection there is.
   *
   * @return how many
   */
  public int cutAll() {
    int count = 0;
    for (Link link : List.copyOf(links)) {
      count += cut(link) ? 1 : 0;
    }
    return count;
  }

  /** From now on new connections are reset at once; those that are there stay. */
  public void refuse() {
    refusing = true;
  }

  /** From now on nothing is passed on, and nobody is told: as when a cable is pulled. */
  public void freeze() {
    change(true, 0);
  }

  /** From now on each piece is passed on so much later. */
  public void delay(Duration each) {
    change(false, each.toNanos());
  }

  /** Ends what {@link #refuse}, {@link #freeze} and {@link #delay} began. */
  public void resume() {
    refusing = false;
    change(false, 0);
  }

  private void change(boolean freeze, long nanos) {
    lock.lock();
    try {
      frozen = freeze;
      delayNanos = nanos;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many connections were passed on to the server. */
  public long accepted() {
    return accepted.get();
  }

  /** How many connections were reset at once, because it was told to or the server is not there. */
  public long refused() {
    return refused.get();
  }

  /** How many connections were cut. */
  public long cuts() {
    return cuts.get();
  }

  /** How many connections there are. */
  public int connections() {
    return links.size();
  }

  /** Holds a piece for as long as it is to be held. */
  void hold() throws IOException {
    lock.lock();
    try {
      long left = delayNanos;
      while (!closed && (frozen || (left > 0 && delayNanos > 0))) {
        if (frozen) {
          changed.await();
        } else {
          left = Math.min(delayNanos, changed.awaitNanos(left));
        }
      }
    } catch (InterruptedException e) {
      throw new IOException("Nobody interrupts the threads of a proxy.", e);
    } finally {
      lock.unlock();
    }
  }

  int look(Link link, Direction direction, byte[] bytes, int length) {
    Trap armed = trap;
    return armed == null ? Link.ALL : armed.look(link, direction, bytes, length);
  }

  boolean cut(Link link) {
    // Counted first: whoever sees the end of the connection may look at the count at once.
    return link.end(true, () -> cuts.incrementAndGet());
  }

  void ended(Link link) {
    links.remove(link);
    Trap armed = trap;
    if (armed != null) {
      armed.forget(link);
    }
  }

  /** Stops listening and ends every connection; those are not counted as cut. */
  @Override
  public void close() {
    closed = true;
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop to listen.", e);
    } finally {
      resume();
      List.copyOf(links).forEach(link -> link.end(true));
    }
  }
}
