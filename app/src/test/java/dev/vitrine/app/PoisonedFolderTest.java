package dev.vitrine.app;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Npy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands over a folder in which some files are hostile: each is named, and the rest is done. */
class PoisonedFolderTest {
    /** A progressive JPEG of 46000x46000 pixels without data. */
    private static final byte[] LARGE_JPEG =
            HexFormat.of().parseHex("FFD8FFC2001108B3B0B3B003011100021100031100FFDA000C03010002000300000100FFD9");

    @TempDir
    private Path folder;

    private Path pictures() throws IOException {
        Path pictures = folder.resolve("pictures");
        for (String name : List.of("0/a.png", "0/b.png", "1/c.png", "1/d.png")) {
            Path file = pictures.resolve(name);
            Files.createDirectories(file.getParent());
            Shell.picture(file.getParent(), file.getFileName().toString(), 32, 32);
        }
        Files.write(pictures.resolve("0/large.jpg"), LARGE_JPEG);
        Files.writeString(pictures.resolve("1/junk.gif"), "junk", StandardCharsets.UTF_8);
        byte[] png = Files.readAllBytes(pictures.resolve("0/a.png"));
        Files.write(pictures.resolve("1/cut.png"), Arrays.copyOf(png, png.length / 2));
        Files.write(pictures.resolve("1/phone.heic"), new byte[9]);
        Npy.write(pictures.resolve("1/array.npy"), Tensor.floats(new float[4], 2, 2));
        return pictures;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain PICTURES --model MODEL --method gradient",
                "occlude PICTURES --model MODEL --window 16 --stride 16",
                "where PICTURES --model MODEL --method gradient",
                "examples MODEL PICTURES --top 2 --draw 0",
                "dead MODEL PICTURES",
                "probe --model MODEL --data PICTURES"
            })
    void everyHostileFileIsNamedAndTheRestIsDone(String command) throws IOException {
        Path pictures = pictures();
        Path model = Shell.model(folder);
        List<Object> words = new ArrayList<>();
        for (String word : command.split(" ")) {
            words.add(
                    switch (word) {
                        case "PICTURES" -> pictures;
                        case "MODEL" -> model;
                        default -> word;
                    });
        }
        Path out = folder.resolve("out");
        words.addAll(List.of("--out", out));
        Shell.Outcome outcome = vitrine(words.toArray())
                .failsWith(
                        1,
                        "large.jpg: a JPEG picture of 46000x46000 pixels",
                        "junk.gif: a file that begins with 'junk'",
                        "cut.png: the PNG file is damaged",
                        "left out 1 HEIC or HEIF file (1/phone.heic)",
                        "left out 1 array (1/array.npy)");
        assertThat(outcome.err()).doesNotContain("a.png: ", "b.png: ", "c.png: ", "d.png: ");
        try (var written = Files.walk(out)) {
            assertThat(written.filter(file -> file.toString().matches(".*(html|parquet)")))
                    .isNotEmpty();
        }
    }

    @Test
    void arraysThatHoldNaNAreNamedAndTheRestIsCounted() throws IOException {
        Path arrays = Files.createDirectories(folder.resolve("arrays"));
        float[] good = new float[3 * 32 * 32];
        float[] bad = good.clone();
        bad[7] = Float.NaN;
        Npy.write(arrays.resolve("good.npy"), Tensor.floats(good, 3, 32, 32));
        Npy.write(arrays.resolve("bad.npy"), Tensor.floats(bad, 3, 32, 32));
        vitrine("dead", Shell.model(folder), arrays, "--out", folder.resolve("dead"))
                .failsWith(1, "bad.npy: the array holds NaN at pixel 7 of channel 0");
        assertThat(Files.readString(folder.resolve("dead/dead.json")))
                .contains("\"pictures\" : 1,", "\"unreadable\" : 1,");
    }
}
