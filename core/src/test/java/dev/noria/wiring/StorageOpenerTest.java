package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageUri;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageOpenerTest {
  @TempDir private Path folder;
  private ClassPath path;

  @BeforeEach
  void start() {
    path = new ClassPath(folder);
  }

  private StorageOpener opener(Class<?>... providers) {
    path.service(StorageProvider.class, providers);
    return new StorageOpener(path.loader());
  }

  private static List<String> problems(StorageOpener opener, String address) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> opener.open(address));
    assertThat(thrown).isNotNull();
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void aScheme_picksItsProvider() {
    StorageOpener opener = opener(Providers.Cellar.class, Providers.Picky.class);
    assertThat(opener.open("basement:x?a=b"))
        .isEqualTo(new NoStorage(StorageUri.parse("basement:x?a=b")));
  }

  @Test
  void nestedAddresses_areOpened() {
    StorageOpener opener = opener(Providers.Cellar.class, Providers.Cached.class);
    assertThat(opener.open("cached:cellar:x"))
        .isEqualTo(new NoStorage(StorageUri.parse("cellar:x")));
  }

  @Test
  void unknownScheme_listsTheKnownAndNamesTheArtifact() {
    assertThat(problems(opener(Providers.Cellar.class), "cellr:x"))
        .containsExactly(
            "NORIA-003 No storage opens the scheme 'cellr:'. Expected one of those on the class"
                + " path: basement, cellar. The nearest is 'cellar:'. Correct the address, or add"
                + " dev.noria:noria-storage-cellr to the class path.");
    assertThat(problems(opener(), "postgresql://localhost/x"))
        .containsExactly(
            "NORIA-003 No storage opens the scheme 'postgresql:'. Expected one of those on the"
                + " class path: there is none. The nearest is 'postgres:'. Correct the address, or"
                + " add dev.noria:noria-storage-postgres to the class path.");
  }

  @Test
  void twoProvidersOfOneScheme_areNamed() {
    String place = Origin.of(Providers.class);
    assertThat(problems(opener(Providers.Cellar.class, Providers.OtherCellar.class), "cellar:x"))
        .containsExactly(
            "NORIA-004 The scheme 'cellar:' is opened by dev.noria.wiring.Providers$Cellar in "
                + place
                + " and by dev.noria.wiring.Providers$OtherCellar in "
                + place
                + ". Expected one provider. Remove one of them from the class path.");
  }

  @Test
  void brokenProviders_doNotDisturbOthers() {
    StorageOpener opener =
        opener(Providers.BrokenStorage.class, Providers.Mute.class, Providers.Cellar.class);
    assertThat(opener.open("cellar:x")).isInstanceOf(NoStorage.class);
  }

  @Test
  void brokenProviders_areNamedWhenTheSchemeIsAskedFor() {
    List<String> problems =
        problems(opener(Providers.BrokenStorage.class, Providers.Mute.class), "broken:x");
    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).startsWith("NORIA-003 ");
    assertThat(problems.get(1))
        .startsWith("NORIA-005 A storage provider can not be used: ")
        .contains("dev.noria.wiring.Providers$BrokenStorage", "no luck")
        .endsWith("Expected it to load. Remove it, or add what it depends on.");
    assertThat(problems.get(2)).contains("Providers$Mute can not say its schemes", "mute");
  }

  @Test
  void otherSpi_isNamedWithTheExpectedVersion() {
    assertThat(problems(opener(Providers.OldStorage.class), "old:x"))
        .containsExactly(
            "NORIA-014 The storage 'old:' in "
                + Origin.of(Providers.class)
                + " was made for SPI version 0. Expected "
                + Spi.VERSION
                + ". Use a version of it that fits this Noria (the noria-bom has those that fit).");
  }

  @Test
  void whatAProviderThrows_becomesAProblem() {
    StorageOpener opener = opener(Providers.Picky.class);
    assertThat(problems(opener, "picky:address"))
        .containsExactly(
            "NORIA-006 The storage address picky:address is not right. Expected //host.");
    assertThat(problems(opener, "picky:driver"))
        .singleElement()
        .asString()
        .startsWith("NORIA-005 The provider of 'picky:' in ")
        .contains("lacks a class", "org/example/Driver", "dev.noria:noria-storage-picky");
    assertThat(problems(opener, "picky:null"))
        .singleElement()
        .asString()
        .contains("opened null. Expected a storage.");
    assertThatThrownBy(() -> opener.open("picky:down")).isInstanceOf(StorageException.class);
  }

  @Test
  void malformedAddress_isAProblem() {
    assertThat(problems(opener(), "jobs.db"))
        .singleElement()
        .asString()
        .startsWith("NORIA-006 'jobs.db' is not a storage address.");
  }

  @Test
  void lostServiceFile_isNoticedByTheMarker() {
    path.file("META-INF/noria/storages/cellar", Providers.Cellar.class.getName());
    assertThat(problems(opener(Providers.Picky.class), "cellar:x"))
        .hasSize(2)
        .contains(
            "NORIA-017 The provider dev.noria.wiring.Providers$Cellar is on the class path, but not"
                + " in META-INF/services/dev.noria.plugin.StorageProvider. Expected all service"
                + " files of that name to be merged when jars are made one. Use the"
                + " ServicesResourceTransformer of maven-shade-plugin, or mergeServiceFiles() of"
                + " Gradle's shadow plugin.");
  }
}
