package dev.vitrine.lens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTest {
    /** FIPS 180-2, appendix B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void isTheSameHoweverTheBytesCome() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer within = ByteBuffer.wrap("xabcx".getBytes(StandardCharsets.US_ASCII), 1, 3);
        assertThat(Digest.of(abc)).isEqualTo(ABC);
        assertThat(Digest.of("abc")).isEqualTo(ABC);
        assertThat(Digest.of(within)).isEqualTo(ABC);
        assertThat(within.remaining()).isEqualTo(3);
        assertThat(Digest.of(Files.write(folder.resolve("abc"), abc))).isEqualTo(ABC);
        assertThat(Digest.begin()
                        .add("a")
                        .add(abc, 1, 1)
                        .add(new ByteArrayInputStream(new byte[] {'c'}))
                        .hex())
                .isEqualTo(ABC);
    }

    @Test
    void readsAllOfAFile() throws IOException {
        byte[] bytes = new byte[(1 << 17) + 3];
        Path file = Files.write(folder.resolve("long"), bytes);
        assertThat(Digest.of(file)).isEqualTo(Digest.of(bytes));
        bytes[bytes.length - 1] = 1;
        assertThat(Digest.of(file)).isNotEqualTo(Digest.of(bytes));
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> Digest.of(folder.resolve("none")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("none");
    }
}
