package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.input.ModelInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * SHA-256 of a model's file in hexadecimal, which is its text; of a model with weights in further files, SHA-256 of the
 * hexadecimal hashes of all its files, each on a line. It is computed on another thread, since a large file takes
 * seconds; who asks for the text waits for it.
 */
public final class Sha256 {
    private static final int CHUNK_BYTES = 1 << 16;

    private final CompletableFuture<String> text;

    private Sha256(CompletableFuture<String> text) {
        this.text = text;
    }

    /** Of a file, from now on. */
    static Sha256 of(Path file) {
        return later(() -> digest(file));
    }

    static Sha256 of(ByteBuffer bytes) {
        return later(() -> {
            MessageDigest digest = algorithm();
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    /** With further files that belong to the model, in this order; the same where there are none. */
    Sha256 with(List<Path> files) {
        if (files.isEmpty()) {
            return this;
        }
        return later(() -> {
            StringBuilder all = new StringBuilder(toString());
            files.forEach(file -> all.append('\n').append(digest(file)));
            MessageDigest digest = algorithm();
            digest.update(all.toString().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    /** What tells results of one of a file's inputs from those of another, or of other feeds. */
    Sha256 with(ModelInput input) {
        return new Sha256(text.thenApply(input::fingerprint));
    }

    /** One that is known. */
    public static Sha256 known(String text) {
        return new Sha256(CompletableFuture.completedFuture(text));
    }

    private static Sha256 later(Supplier<String> work) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        text.complete(work.get());
                    } catch (RuntimeException | Error e) {
                        text.completeExceptionally(e);
                    }
                },
                "sha256");
        thread.setDaemon(true);
        thread.start();
        return new Sha256(text);
    }

    private static String digest(Path file) {
        MessageDigest digest = algorithm();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        } catch (IOException e) {
            throw VitrineException.failure("Cannot read '" + file + "': " + e.getMessage(), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        try {
            return text.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof Sha256 found && toString().equals(found.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
