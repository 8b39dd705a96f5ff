package dev.vitrine.bench;

import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.render.Sheet;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Draws the filters of the first layer of the networks that come with the program: {@code
 * docs/images/networks/NAME-filters.png}. Each filter by its own scale, gray for 0.
 *
 * <p>Argument: the folder of pictures, {@code docs/images} where left out.
 */
public final class NetworkPictures {
    private static final int COLUMNS = 8;
    private static final int PIXEL = 8;
    private static final int GAP = 4;
    private static final int PAPER = 0xfbfbf9;

    private NetworkPictures() {}

    public static void main(String[] arguments) {
        Path target = Path.of(arguments.length > 0 ? arguments[0] : "docs/images");
        for (String name : EmbeddedModels.NAMES) {
            Model model = new ModelLoader(new OnnxRuntimeRunner()).load(Path.of(name));
            Node first = model.graph().nodes().stream()
                    .filter(node -> node.operator().equals("Conv"))
                    .findFirst()
                    .orElseThrow();
            Tensor filters = model.graph().constants().get(first.input(1));
            Provenance provenance = new Provenance(
                    model.name(),
                    "none: the weights themselves",
                    "layer " + first.name() + ", " + filters.dimension(0) + " filters of " + filters.dimension(2) + "×"
                            + filters.dimension(3) + "×" + filters.dimension(1),
                    "Filters of the first layer",
                    Map.of("scale", "each filter by its greatest weight, gray = 0"));
            new Sheet(drawn(filters), provenance, Optional.empty())
                    .write(target.resolve("networks").resolve(name + "-filters.png"));
        }
    }

    private static BufferedImage drawn(Tensor filters) {
        int count = (int) filters.dimension(0);
        int channels = (int) filters.dimension(1);
        int side = (int) filters.dimension(2);
        int cell = side * PIXEL + GAP;
        int rows = (count + COLUMNS - 1) / COLUMNS;
        BufferedImage image = new BufferedImage(GAP + COLUMNS * cell, GAP + rows * cell, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, PAPER);
            }
        }
        float[] weights = filters.toFloats();
        int each = channels * side * side;
        for (int filter = 0; filter < count; filter++) {
            float largest = 0;
            for (int i = 0; i < each; i++) {
                largest = Math.max(largest, Math.abs(weights[filter * each + i]));
            }
            for (int place = 0; place < side * side * PIXEL * PIXEL; place++) {
                int x = place % (side * PIXEL);
                int y = place / (side * PIXEL);
                int color = 0;
                for (int channel = 0; channel < 3; channel++) {
                    int from = filter * each + Math.min(channel, channels - 1) * side * side;
                    float weight = weights[from + y / PIXEL * side + x / PIXEL] / Math.max(largest, 1e-12f);
                    color = color << 8 | Math.round(127.5f + 127.5f * weight);
                }
                image.setRGB(GAP + filter % COLUMNS * cell + x, GAP + filter / COLUMNS * cell + y, color);
            }
        }
        return image;
    }
}
