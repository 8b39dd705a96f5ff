package dev.vitrine.study.unit.page;

import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.study.page.Html;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Feature maps of layers for one picture; hovering shows a position's value and its receptive field.
 *
 * @param view the network's input as a picture
 * @param facts provenance
 */
public record ActivationPage(
        String model, String image, BufferedImage view, List<Layer> layers, Map<String, String> facts) {
    static final String SCRIPT = Html.resource(ActivationPage.class, "activations.js");

    public ActivationPage {
        layers = List.copyOf(layers);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param shown in display order
     * @param first receptive field of row 0 and column 0, not clipped; empty if every position sees the whole input
     * @param strideY pixels between adjacent rows
     */
    public record Layer(
            FeatureMaps maps,
            FeatureMapPainter painter,
            List<FeatureMaps.Channel> shown,
            Optional<Box> first,
            double strideY,
            double strideX) {
        public Layer {
            shown = List.copyOf(shown);
        }

        /** Mean over the channels of the share of values not above 0. */
        double silent() {
            return maps.maps(FeatureMaps.Order.CHANNEL).stream()
                    .mapToDouble(FeatureMaps.Channel::silent)
                    .average()
                    .orElseThrow();
        }

        boolean isWhole() {
            return shown.size() == maps.layer().channels();
        }

        boolean isSigned() {
            return painter.polarity() == Polarity.SIGNED;
        }

        /** Quantized to 16 bits between the map's extremes, little-endian. */
        String values(FeatureMaps.Channel channel) {
            FloatBuffer values = maps.map(channel.channel()).floats();
            ByteBuffer steps = ByteBuffer.allocate(2 * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            double range = channel.maximum() - channel.minimum();
            while (values.hasRemaining()) {
                float value = values.get();
                double position = range > 0 ? (value - channel.minimum()) / range : 0;
                steps.putShort((short) Math.round(position * 65535));
            }
            return Base64.getEncoder().encodeToString(steps.array());
        }
    }

    /** Deterministic: the same maps give the same text. */
    public String html() {
        return Html.of(output -> JteactivationsGenerated.render(output, null, this));
    }

    /** Shares of the view: left, top, width, height of the first field, and the strides; empty for the whole view. */
    String field(Layer layer) {
        if (layer.first().isEmpty()) {
            return "";
        }
        Box box = layer.first().get();
        List<String> shares = new ArrayList<>();
        double[] pixels = {box.left(), box.top(), box.right() - box.left(), box.bottom() - box.top()};
        for (int index = 0; index < pixels.length; index++) {
            shares.add(share(pixels[index], index % 2 == 0 ? view.getWidth() : view.getHeight()));
        }
        shares.add(share(layer.strideX(), view.getWidth()));
        shares.add(share(layer.strideY(), view.getHeight()));
        return String.join(" ", shares);
    }

    private static String share(double pixels, int side) {
        return String.format(Locale.ROOT, "%.6f", pixels / side);
    }

    public void write(Path file) {
        OutputFile.write(file, html());
    }
}
