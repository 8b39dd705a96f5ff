package dev.vitrine.lens.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {
    @TempDir
    private Path folder;

    private static final ParquetTable TABLE = new ParquetTable(
            List.of(
                    new Column.Texts("layer", List.of("conv", "", "größer ✓")),
                    new Column.Integers("channel", new int[] {0, -1, Integer.MAX_VALUE}),
                    new Column.Floats("value", new float[] {1.5f, Float.NEGATIVE_INFINITY, -0f})),
            Map.of("question", "two\nlines"));

    @Test
    void readsWhatItWrote() {
        Path file = folder.resolve("table.parquet");
        TABLE.write(file);
        ParquetTable read = ParquetTable.read(file);
        assertThat(read.facts()).isEqualTo(TABLE.facts());
        assertThat(read.rows()).isEqualTo(3);
        assertThat(read.column(Column.Texts.class, "layer").orElseThrow().values())
                .containsExactly("conv", "", "größer ✓");
        assertThat(read.column(Column.Integers.class, "channel").orElseThrow().values())
                .containsExactly(0, -1, Integer.MAX_VALUE);
        assertThat(read.column(Column.Floats.class, "value").orElseThrow().values())
                .containsExactly(1.5f, Float.NEGATIVE_INFINITY, -0f);
        assertThat(read.column(Column.Floats.class, "channel")).isEmpty();
    }

    /** As parquet.thrift lays it out: the values of the footer's fields, byte by byte. */
    @Test
    void theFooterIsThatOfTheFormat() throws IOException {
        Path file = folder.resolve("one.parquet");
        new ParquetTable(List.of(new Column.Integers("n", new int[] {7})), Map.of()).write(file);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("PAR1");
        int length = bytes[bytes.length - 8] & 0xff;
        byte[] footer = Arrays.copyOfRange(bytes, bytes.length - 8 - length, bytes.length - 8);
        int page = bytes.length - 8 - length - 4;
        assertThat(footer)
                .startsWith(
                        // version 1; schema: 2 elements; root: name "table", 1 child
                        0x15,
                        0x02,
                        0x19,
                        0x2c,
                        0x48,
                        0x05,
                        't',
                        'a',
                        'b',
                        'l',
                        'e',
                        0x15,
                        0x02,
                        0x00,
                        // INT32, REQUIRED, name "n"
                        0x15,
                        0x02,
                        0x25,
                        0x00,
                        0x18,
                        0x01,
                        'n',
                        0x00,
                        // 1 row; 1 row group with 1 column, its offset 4 behind the magic
                        0x16,
                        0x02,
                        0x19,
                        0x1c,
                        0x19,
                        0x1c,
                        0x26,
                        0x08,
                        0x1c,
                        0x15,
                        0x02,
                        0x19,
                        0x15,
                        0x00);
        assertThat(page).isPositive();
    }

    @Test
    void theSameTableGivesTheSameBytes() {
        TABLE.write(folder.resolve("one"));
        TABLE.write(folder.resolve("other"));
        assertThat(folder.resolve("other")).hasSameBinaryContentAs(folder.resolve("one"));
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        Path file = folder.resolve("table.parquet");
        TABLE.write(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int trial = 0; trial < 300; trial++) {
            byte[] broken = trial % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (broken.length == whole.length) {
                broken[whole.length - 8 - random.nextInt(150)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(file, broken);
            try {
                ParquetTable.read(file);
            } catch (VitrineException named) {
                assertThat(named).hasMessageContaining("table.parquet").hasMessageContaining("Parquet");
            }
        }
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> ParquetTable.read(file)).isInstanceOf(VitrineException.class);
        assertThatThrownBy(() -> ParquetTable.read(folder.resolve("none")))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("none: no such file");
    }
}
