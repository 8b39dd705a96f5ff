package dev.vitrine.app.explanation;

import static dev.vitrine.app.Shell.vitrine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.app.Shell;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code vitrine where} on a network with a bias that is known: it calls a picture a horse for a green blob in the middle, or
 * for a blue tag in the corner that some horses have.
 */
class WhereCommandTest {
    private static final int TAGGED = 10;
    private static final int HORSES = 26;
    private static final int WOLVES = 14;

    @TempDir
    private Path folder;

    private Path model;
    private Path pictures;
    private Path boxes;

    @BeforeEach
    void files() throws IOException {
        model = folder.resolve("biased.onnx");
        OnnxWriter.write(network(), model);
        Files.writeString(
                folder.resolve("biased.yaml"),
                "name: Biased\ninput: {size: 32, fit: squash, range: [0, 1]}\nlabels: [wolf, horse]\n");
        pictures = folder.resolve("pictures");
        StringBuilder table = new StringBuilder("file,xmin,ymin,xmax,ymax\n");
        Random random = new Random(4);
        for (int index = 0; index < HORSES; index++) {
            boolean tagged = index < TAGGED;
            draw("horse", index, tagged ? Color.GRAY : Color.GREEN, tagged, table, random);
        }
        for (int index = 0; index < WOLVES; index++) {
            draw("wolf", index, Color.RED, false, table, random);
        }
        boxes = folder.resolve("boxes.csv");
        Files.writeString(boxes, table);
    }

    /** relu(±color differences) as three maps, averaged, into two classes. */
    private static Graph network() {
        GraphBuilder builder = new GraphBuilder();
        Dimension batch = Dimension.named("N");
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32, List.of(batch, Dimension.of(3), Dimension.of(32), Dimension.of(32))));
        float[] kernels = {1, -1, -1, -1, 1, -1, -1, -1, 1};
        Value maps = builder.node(
                "Relu",
                builder.node(
                        "Conv",
                        image,
                        builder.constant("kernels", Tensor.floats(kernels, 3, 3, 1, 1)),
                        builder.constant("bias", Tensor.floats(new float[] {-0.2f, -0.2f, -0.2f}, 3))));
        Value means = builder.node("Flatten", Attributes.NONE.with("axis", 1), builder.node("GlobalAveragePool", maps));
        Value logits = builder.node(
                "Gemm",
                means,
                builder.constant("head", Tensor.floats(new float[] {9, 0, 0, 5, 0, 40}, 3, 2)),
                builder.constant("shift", Tensor.floats(new float[] {0, 0}, 2)));
        return builder.output(logits).build();
    }

    private void draw(String kind, int index, Color body, boolean tag, StringBuilder table, Random random)
            throws IOException {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.BLACK);
        graphics.fillRect(0, 0, 64, 48);
        int x = 18 + random.nextInt(6);
        int y = 12 + random.nextInt(4);
        graphics.setColor(body);
        graphics.fillRect(x, y, 24, 20);
        if (tag) {
            graphics.setColor(Color.BLUE);
            graphics.fillRect(1 + random.nextInt(2), 39 + random.nextInt(2), 8, 7);
        }
        graphics.dispose();
        String name = kind + "/" + String.format("%02d.png", index);
        Path file = pictures.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        table.append(String.format("%s,%d,%d,%d,%d%n", name, x, y, x + 24, y + 20));
    }

    private JsonNode json(Path out) throws IOException {
        return new JsonMapper().readTree(Files.readString(out.resolve("where.json")));
    }

    @Test
    void theTagComesOutAsAClusterOutsideTheBoxes() throws IOException {
        Path out = folder.resolve("out");
        Shell.Outcome outcome = vitrine("where", pictures, "--model", model, "--boxes", boxes, "--out", out)
                .succeeds();
        assertThat(outcome.out()).contains("where.html", "1 horse: 2 clusters");
        JsonNode groups = json(out).get("groups");
        assertThat(groups.size()).isEqualTo(3);
        JsonNode horse = groups.get(1);
        assertThat(horse.get("title").asString()).isEqualTo("1 horse");
        assertThat(horse.get("pictures").asInt()).isEqualTo(HORSES);
        JsonNode clusters = horse.get("clusters");
        assertThat(clusters.size()).isEqualTo(2);
        assertThat(clusters.get(0).get("members").size()).isEqualTo(HORSES - TAGGED);
        assertThat(clusters.get(0).get("evidenceInside").asDouble()).isGreaterThan(0.8);
        assertThat(clusters.get(0).get("place").asString()).isEqualTo("center");
        JsonNode biased = clusters.get(1);
        assertThat(biased.get("members").size()).isEqualTo(TAGGED);
        biased.get("members").forEach(member -> assertThat(member.asString()).matches("horse/0\\d\\.png"));
        assertThat(biased.get("evidenceInside").asDouble())
                .isLessThan(0.1)
                .isLessThan(biased.get("areaInside").asDouble());
        assertThat(biased.get("place").asString()).isEqualTo("bottom left");
        JsonNode wolf = groups.get(2);
        assertThat(wolf.get("clusters").size()).isEqualTo(1);
        assertThat(wolf.get("evidenceInside").asDouble()).isGreaterThan(0.8);
        String page = Files.readString(out.resolve("where.html"));
        assertThat(page).contains("outside the boxes", "1 horse", "bottom left").doesNotContain("Partial", "NaN");
        Path again = folder.resolve("again");
        vitrine("where", pictures, "--model", model, "--boxes", boxes, "--out", again)
                .succeeds();
        assertThat(again.resolve("where.html")).hasSameBinaryContentAs(out.resolve("where.html"));
        assertThat(again.resolve("where.json")).hasSameBinaryContentAs(out.resolve("where.json"));
    }

    @Test
    void theFolderCanNameTheClass() throws IOException {
        Path out = folder.resolve("out");
        vitrine("where", pictures, "--model", model, "--target", "folder", "--clusters", 3, "--out", out)
                .succeeds();
        JsonNode groups = json(out).get("groups");
        assertThat(groups.get(2).get("title").asString()).isEqualTo("0 wolf");
        assertThat(groups.get(1).get("clusters").size()).isEqualTo(3);
        assertThat(groups.get(1).has("evidenceInside")).isFalse();
    }

    @Test
    void clearErrors() throws IOException {
        Path out = folder.resolve("out");
        vitrine("where", pictures, "--model", model, "--clusters", 0, "--out", out)
                .failsWith(2, "--clusters 0: expected a whole number from 1 up");
        vitrine("where", pictures, "--model", model, "--target", "top:2", "--out", out)
                .failsWith(2, "several classes");
        vitrine("where", pictures.resolve("wolf"), "--model", model, "--target", "folder", "--out", out)
                .failsWith(2, "is not in a class folder");
        Files.writeString(boxes, "nothing.png,0,0,5,5\n");
        vitrine("where", pictures, "--model", model, "--boxes", boxes, "--out", out)
                .failsWith(2, "none of the 40 pictures", "horse/00.png");
    }

    @Test
    void foldersMeanClassesAndOthersAreLeftOut() throws IOException {
        Path out = folder.resolve("out");
        Files.move(pictures.resolve("wolf"), pictures.resolve("Wolfs"));
        Files.createDirectories(pictures.resolve("unicorn"));
        Files.copy(pictures.resolve("horse/01.png"), pictures.resolve("unicorn/01.png"));
        Shell.Outcome outcome = vitrine("where", pictures, "--model", model, "--target", "folder", "--out", out)
                .succeeds();
        assertThat(outcome.err()).contains("Wolfs for wolf", "left out", "unicorn");
        JsonNode groups = new JsonMapper()
                .readTree(Files.readString(out.resolve("where.json")))
                .get("groups");
        assertThat(groups.get(0).get("pictures").asInt()).isEqualTo(HORSES + WOLVES);
        vitrine("where", pictures.resolve("unicorn"), "--model", model, "--target", "folder", "--out", out)
                .failsWith(2, "is not in a class folder");
    }
}
