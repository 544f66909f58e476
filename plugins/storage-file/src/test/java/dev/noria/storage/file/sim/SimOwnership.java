package dev.noria.storage.file.sim;

import dev.noria.storage.file.sim.SimFileSystem.Kind;
import java.io.IOException;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;

/** Whose a simulated file is: his who ran the process that made it. */
record SimOwnership(SimFileSystem system, SimPath path) implements FileOwnerAttributeView {
  private record User(String getName) implements UserPrincipal {}

  @Override
  public String name() {
    return "owner";
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    system.step(Kind.LOOK, path);
    return new User(system.disk().find(path).owner);
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw new UnsupportedOperationException();
  }
}
