package dev.vitrine.lens.model.zoo;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/**
 * The folder of fetched networks: {@code NAME.onnx} with its card {@code NAME.yaml} beside it, and the labels. A file has
 * its name only when it is whole and its SHA-256 is right; until then it is {@code NAME.onnx.part}. Several programs may
 * share the folder: one at a time writes a network.
 */
public final class ZooCache {
    /** Names a folder for all that Vitrine keeps, in place of the system's usual one. */
    public static final String VARIABLE = "VITRINE_CACHE";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLISECONDS = 100;
    private static final String NETWORKS = "networks";
    private static final String PREFERRED = "preferred";

    private final Path folder;

    private ZooCache(Path folder) {
        this.folder = folder;
    }

    /**
     * @param cache a folder for all that Vitrine keeps
     */
    public static ZooCache in(Path cache) {
        return new ZooCache(cache.toAbsolutePath().normalize().resolve(NETWORKS));
    }

    /** In {@value #VARIABLE}, else where the system keeps what can be fetched again. */
    public static ZooCache usual(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            return in(Path.of(named));
        }
        Path home = Path.of(System.getProperty("user.home", "."));
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")) {
            return in(home.resolve("Library/Caches/vitrine"));
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG specification wants paths that are not absolute ignored.
        boolean valid = !shared.isBlank() && Path.of(shared).isAbsolute();
        return in((valid ? Path.of(shared) : home.resolve(".cache")).resolve("vitrine"));
    }

    public Path folder() {
        return folder;
    }

    /** Where a network's file is when it is there. */
    public Path file(ZooNetwork network) {
        return folder.resolve(network.name() + ".onnx");
    }

    private Path card(ZooNetwork network) {
        return folder.resolve(network.name() + ".yaml");
    }

    private Path part(ZooNetwork network) {
        return folder.resolve(network.name() + ".onnx.part");
    }

    /** Bytes that are there of a network that is not yet whole. */
    public long begun(ZooNetwork network) {
        return size(part(network));
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Whether a network is there, with its card. */
    public boolean holds(ZooNetwork network) {
        return size(file(network)) == network.bytes() && Files.isRegularFile(card(network));
    }

    /**
     * The network for photos that is taken where nobody names one: the preferred one, or else the first of the list that
     * is there. None where the preferred one is no network of the list.
     */
    public Optional<ZooNetwork> usual() {
        Optional<String> preferred = preferred();
        if (preferred.isPresent()) {
            return Zoo.NETWORKS.stream()
                    .filter(network -> network.name().equals(preferred.get()))
                    .filter(this::holds)
                    .findFirst();
        }
        return Zoo.NETWORKS.stream()
                .filter(ZooNetwork::isForPhotos)
                .filter(this::holds)
                .findFirst();
    }

    /** The name that {@link #prefer} kept. */
    public Optional<String> preferred() {
        try {
            return Optional.of(Files.readString(folder.resolve(PREFERRED)).strip())
                    .filter(name -> !name.isEmpty());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Keeps the name of the network that is taken where nobody names one. */
    public void prefer(String name) {
        OutputFile.write(folder.resolve(PREFERRED), name + "\n");
    }

    /** The network's file, fetched if it is not there. */
    public Path fetch(ZooNetwork network, Watch watch) {
        return fetch(network, network.addresses(), watch);
    }

    /**
     * @param addresses in the order to try
     */
    public Path fetch(ZooNetwork network, List<URI> addresses, Watch watch) {
        HttpClient client = Download.client(System.getenv(), PATIENCE);
        return fetch(network, addresses, new Download(client, PATIENCE), watch);
    }

    Path fetch(ZooNetwork network, List<URI> addresses, Download download, Watch watch) {
        return alone(network, watch, () -> {
            if (isThere(network)) {
                describe(network);
                return file(network);
            }
            List<Download.Miss> misses =
                    download.complete(part(network), network.bytes(), network.sha256(), addresses, watch);
            if (!misses.isEmpty()) {
                throw VitrineException.failure(unanswered(network, misses));
            }
            return keep(network);
        });
    }

    private String unanswered(ZooNetwork network, List<Download.Miss> misses) {
        String tried = misses.stream()
                .map(miss -> miss.address() + " " + miss.reason())
                .collect(Collectors.joining("; "));
        return "No address has the network '" + network.name() + "': " + tried
                + ". Fetch the file by hand from one of them, " + network.bytes() + " bytes with the SHA-256 "
                + network.sha256() + ". Then: vitrine fetch " + network.name() + " --from FILE, or put it at "
                + file(network)
                + ".";
    }

    /** The network's file, copied from one that somebody fetched by hand. */
    public Path take(ZooNetwork network, Path from, Watch watch) {
        long bytes = size(from);
        if (!Files.isRegularFile(from)) {
            throw VitrineException.failure(
                    "'" + from + "': no such file; expected the network '" + network.name() + "' as an ONNX file.");
        }
        if (bytes != network.bytes()) {
            throw VitrineException.failure("'" + from + "' has " + bytes + " bytes; '" + network.name() + "' has "
                    + network.bytes() + ". It is another file, or not all of it came; fetch it again.");
        }
        return alone(network, watch, () -> {
            if (isThere(network)) {
                describe(network);
                return file(network);
            }
            String found = copied(from, part(network), network, watch);
            if (!found.equals(network.sha256())) {
                Files.delete(part(network));
                throw VitrineException.failure("'" + from + "' has the SHA-256 " + found + "; '" + network.name()
                        + "' has " + network.sha256() + ". It is another file; fetch it again.");
            }
            return keep(network);
        });
    }

    private static String copied(Path from, Path to, ZooNetwork network, Watch watch) throws IOException {
        Digest digest = Digest.begin();
        try (InputStream source = Files.newInputStream(from);
                FileChannel file = FileChannel.open(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                if (watch.isStopped()) {
                    throw new CancellationException("stopped");
                }
                digest.add(buffer, 0, count);
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, count);
                while (chunk.hasRemaining()) {
                    file.write(chunk);
                }
                done += count;
                watch.report(done, network.bytes());
            }
        }
        return digest.hex();
    }

    /** Whether the file is there, put there by hand perhaps, and the right one. */
    private boolean isThere(ZooNetwork network) throws IOException {
        if (holds(network)) {
            return true;
        }
        Path file = file(network);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        String found = Digest.of(file);
        if (!found.equals(network.sha256())) {
            throw VitrineException.failure("'" + file + "' has the SHA-256 " + found + "; '" + network.name() + "' has "
                    + network.sha256() + ". It is another file; remove it.");
        }
        return true;
    }

    /** Gives a whole part its name. */
    private Path keep(ZooNetwork network) throws IOException {
        describe(network);
        Files.move(part(network), file(network), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file(network);
    }

    private void describe(ZooNetwork network) {
        OutputFile.write(folder.resolve(Zoo.LABELS), Zoo.labels());
        OutputFile.write(card(network), Zoo.card(network));
    }

    /** Work on a network's files. */
    @FunctionalInterface
    private interface Work {
        Path run() throws IOException;
    }

    /** One program at a time: the lock goes with the program, however that ends. */
    private Path alone(ZooNetwork network, Watch watch, Work work) {
        try {
            Files.createDirectories(folder);
            Path lockFile = folder.resolve(network.name() + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel, network, watch)) {
                return work.run();
            }
        } catch (IOException failure) {
            throw VitrineException.failure(
                    "Cannot keep the network '" + network.name() + "' in " + folder + ": " + failure.getMessage()
                            + ". Expected a folder that can be written to, with room for " + (network.bytes() >> 20)
                            + " MB; name another by " + VARIABLE + ".",
                    failure);
        }
    }

    private static FileLock lock(FileChannel channel, ZooNetwork network, Watch watch) throws IOException {
        boolean told = false;
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException anotherThread) {
                // As if another program had it.
            }
            if (!told) {
                watch.say("'" + network.name() + "' is being fetched by another program; waiting for it.");
                told = true;
            }
            if (watch.isStopped()) {
                throw new CancellationException("stopped");
            }
            try {
                Thread.sleep(POLL_MILLISECONDS);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                throw new CancellationException("stopped");
            }
        }
    }
}
