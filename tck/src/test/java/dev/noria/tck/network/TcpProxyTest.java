package dev.noria.tck.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TcpProxyTest {
  private static final int PATIENCE_MILLIS = 10_000;

  private EchoServer server;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new EchoServer();
    proxy = TcpProxy.to(server.port());
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    server.close();
  }

  private Socket connect() throws IOException {
    return connect(proxy);
  }

  private static Socket connect(TcpProxy proxy) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String receive(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private static void talk(Socket socket, String text) throws IOException {
    send(socket, text);
    assertThat(receive(socket, text.length())).isEqualTo(text);
  }

  /** The rest of what comes until the reset. */
  private static String receiveUntilCut(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int next;
      try {
        next = socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        throw new AssertionError("Not cut; received: " + text, e);
      } catch (IOException e) {
        return text.toString();
      }
      assertThat(next).as("an orderly end is no cut").isNotNegative();
      text.append((char) next);
    }
  }

  @Test
  void untouched_everyBytePassesBothWays() throws Exception {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (Socket socket = connect()) {
      CompletableFuture<byte[]> reply =
          CompletableFuture.supplyAsync(() -> readAll(socket), task -> new Thread(task).start());
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      byte[] back = reply.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      assertThat(Arrays.equals(back, bytes)).isTrue();
    }
    assertThat(proxy.accepted()).isOne();
    assertThat(proxy.cuts()).isZero();
  }

  private static byte[] readAll(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterBytesOfRequests_theLastOneArrivesAndNoMore() throws Exception {
    try (Socket one = connect();
        Socket two = connect()) {
      proxy.arm(new Cut.After(Direction.REQUESTS, 7));
      talk(one, "abc");
      talk(two, "def");
      assertThat(proxy.isArmed()).isTrue();
      send(one, "ghi");
      receiveUntilCut(one);
      assertThat(server.heard("abcdefg")).isEqualTo("abcdefg");
      assertThat(proxy.isArmed()).isFalse();
      assertThat(proxy.cuts()).isOne();
      talk(two, "jkl");
    }
  }

  @Test
  void afterBytesOfReplies_theServerGotEverything() throws Exception {
    try (Socket socket = connect()) {
      proxy.arm(new Cut.After(Direction.REPLIES, 2));
      send(socket, "abcdef");
      assertThat(receiveUntilCut(socket)).isEqualTo("ab");
      assertThat(server.heard("abcdef")).isEqualTo("abcdef");
    }
  }

  @Test
  void atAPatternOfRequests_itDoesNotArrive() throws Exception {
    try (Socket socket = connect()) {
      proxy.arm(new Cut.At(Direction.REQUESTS, "COMMIT"));
      talk(socket, "BEGIN ");
      send(socket, "INSERT COMMIT");
      receiveUntilCut(socket);
      assertThat(server.heard("BEGIN INSERT ")).isEqualTo("BEGIN INSERT ");
      assertThat(proxy.cuts()).isOne();
    }
  }

  @Test
  void atAPatternInPieces_itIsFound() throws Exception {
    try (Socket socket = connect()) {
      proxy.arm(new Cut.At(Direction.REQUESTS, "COMMIT"));
      talk(socket, "COM");
      talk(socket, "M");
      send(socket, "IT");
      receiveUntilCut(socket);
      assertThat(server.heard("COMM")).isEqualTo("COMM");
    }
  }

  @Test
  void atAPatternThatPassedBefore_isNotFoundAgain() throws Exception {
    try (Socket socket = connect()) {
      talk(socket, "COMMIT");
      proxy.arm(new Cut.At(Direction.REQUESTS, "COMMIT"));
      talk(socket, ";");
      assertThat(proxy.isArmed()).isTrue();
      proxy.disarm();
      talk(socket, "COMMIT");
    }
  }

  @Test
  void replyToAPattern_theRequestArrivesAndItsReplyDoesNot() throws Exception {
    try (Socket other = connect();
        Socket socket = connect()) {
      proxy.arm(new Cut.ReplyTo("COMMIT"));
      talk(socket, "BEGIN;");
      send(socket, "COMMIT;");
      assertThat(receiveUntilCut(socket)).isEmpty();
      assertThat(server.heard("BEGIN;COMMIT;")).isEqualTo("BEGIN;COMMIT;");
      talk(other, "COMMIT");
    }
    assertThat(proxy.cuts()).isOne();
  }

  @Test
  void cutAll_cutsEveryConnectionOnce() throws Exception {
    try (Socket one = connect();
        Socket two = connect()) {
      talk(one, "a");
      talk(two, "b");
      assertThat(proxy.connections()).isEqualTo(2);
      assertThat(proxy.cutAll()).isEqualTo(2);
      assertThat(receiveUntilCut(one)).isEmpty();
      assertThat(receiveUntilCut(two)).isEmpty();
      assertThat(proxy.cutAll()).isZero();
      assertThat(proxy.cuts()).isEqualTo(2);
      assertThat(proxy.connections()).isZero();
    }
  }

  @Test
  void refuse_newOnesAreResetUntilResume() throws Exception {
    try (Socket early = connect()) {
      talk(early, "a");
      proxy.refuse();
      try (Socket socket = connect()) {
        assertThat(receiveUntilCut(socket)).isEmpty();
      }
      talk(early, "b");
      proxy.resume();
      try (Socket socket = connect()) {
        talk(socket, "c");
      }
    }
    assertThat(proxy.refused()).isOne();
    assertThat(proxy.cuts()).isZero();
  }

  @Test
  void freeze_nothingPassesUntilResume() throws Exception {
    try (Socket socket = connect()) {
      talk(socket, "a");
      proxy.freeze();
      send(socket, "b");
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> receive(socket, 1)).isInstanceOf(SocketTimeoutException.class);
      proxy.resume();
      socket.setSoTimeout(PATIENCE_MILLIS);
      assertThat(receive(socket, 1)).isEqualTo("b");
    }
  }

  @Test
  void delay_eachPieceComesLater() throws Exception {
    try (Socket socket = connect()) {
      talk(socket, "a");
      proxy.delay(Duration.ofMillis(50));
      long start = System.nanoTime();
      talk(socket, "b");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
      proxy.delay(Duration.ofHours(1));
      send(socket, "c");
      proxy.resume();
      assertThat(receive(socket, 1)).isEqualTo("c");
    }
  }

  @Test
  void serverThatIsNotThere_isAResetAndCounted() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (TcpProxy nowhere = TcpProxy.to(free);
        Socket socket = connect(nowhere)) {
      assertThat(receiveUntilCut(socket)).isEmpty();
      assertThat(nowhere.refused()).isOne();
    }
  }

  @Test
  void close_endsConnectionsAndListensNoMore() throws Exception {
    try (Socket socket = connect()) {
      talk(socket, "a");
      proxy.close();
      receiveUntilCut(socket);
    }
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  @Test
  void patterns_areBytesAndNotEmpty() {
    assertThatThrownBy(() -> new Cut.ReplyTo("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cut.At(Direction.REPLIES, "€"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("below U+0100");
    assertThatThrownBy(() -> new Cut.After(Direction.REPLIES, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
