/** For the tests of those who use Noria: a queue with a virtual clock, and assertions. */
module dev.noria.testing {
  requires transitive dev.noria.core;
  requires dev.noria.storage.memory;
  requires transitive org.assertj.core;
  requires static org.jspecify;
  requires transitive org.junit.jupiter.api;

  exports dev.noria.testing;
}
