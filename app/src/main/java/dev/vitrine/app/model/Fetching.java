package dev.vitrine.app.model;

import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.model.zoo.Watch;
import dev.vitrine.lens.model.zoo.ZooCache;
import dev.vitrine.lens.model.zoo.ZooNetwork;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A download with progress on the terminal. */
final class Fetching implements Watch, AutoCloseable {
    private final Terminal terminal;
    private final Stop stop;
    private final ProgressLine line;

    Fetching(ZooNetwork network, Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
        this.line = new ProgressLine(terminal, 1);
        line.begin(network.name() + ", " + size(network), 1);
    }

    static String size(ZooNetwork network) {
        return network.bytes() < 1e6
                ? Math.round(network.bytes() / 1e3) + " kB"
                : Math.round(network.bytes() / 1e6) + " MB";
    }

    /** The file of a network, fetched if it is not in the cache. */
    static Path file(ZooCache cache, ZooNetwork network, List<URI> addresses, Terminal terminal, Stop stop) {
        try (Fetching watch = new Fetching(network, terminal, stop)) {
            return cache.fetch(network, addresses, watch);
        }
    }

    @Override
    public void report(long done, long all) {
        line.report(done, all);
    }

    @Override
    public void say(String text) {
        line.end();
        terminal.err().println("note: " + text);
    }

    @Override
    public boolean isStopped() {
        return stop.status() != 0;
    }

    @Override
    public void close() {
        line.end();
    }
}
