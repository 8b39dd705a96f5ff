package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what is added to it, in hexadecimal. FIPS 180-4. */
public final class Digest {
    private static final int CHUNK_BYTES = 1 << 16;

    private final MessageDigest digest;

    private Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Of nothing yet. */
    public static Digest begin() {
        return new Digest();
    }

    public static String of(byte[] bytes) {
        return begin().add(bytes).hex();
    }

    /** Of what remains of the bytes, which are not consumed. */
    public static String of(ByteBuffer bytes) {
        return begin().add(bytes).hex();
    }

    /** Of a text as UTF-8. */
    public static String of(String text) {
        return begin().add(text).hex();
    }

    public static String of(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return begin().add(stream).hex();
        } catch (IOException failure) {
            throw VitrineException.failure("Cannot read '" + file + "': " + failure.getMessage(), failure);
        }
    }

    public Digest add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    public Digest add(byte[] bytes, int from, int count) {
        digest.update(bytes, from, count);
        return this;
    }

    /** What remains of the bytes, which are not consumed. */
    public Digest add(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
        return this;
    }

    /** As UTF-8. */
    public Digest add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All that is left of a stream. */
    public Digest add(InputStream stream) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
            digest.update(chunk, 0, count);
        }
        return this;
    }

    /** Ends it: nothing can be added any more. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
