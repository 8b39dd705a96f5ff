package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.InputCrop;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Draws weights. */
public final class FilterPainter {
    /**
     * One input channel's part of a kernel.
     *
     * @param norm √Σw²
     */
    public record Slice(int inputChannel, double norm, BufferedImage picture) {}

    private final Model model;
    private final int side;

    /** @param side of the drawings' longer side, in pixels */
    public FilterPainter(Model model, int side) {
        this.model = model;
        this.side = side;
    }

    /** A kernel that reads the picture, in its colors: middle gray is 0. Empty where it reads anything
     * else. */
    public Optional<BufferedImage> colors(LinearStep step, int output) {
        if (!step.input().equals(model.input()) || step.depth() != model.channels()) {
            return Optional.empty();
        }
        Tensor kernel = step.kernel(output).reshape(1, step.depth(), step.height(), step.width());
        return Optional.of(enlarged(HeatmapPainter.pixels(ChannelReduction.colors(kernel, model.preprocessing()))));
    }

    /** The parts of a kernel with the largest norms, all on one scale: red for, blue against, white 0. */
    public List<Slice> slices(LinearStep step, int output, int most) {
        int places = step.height() * step.width();
        float[] weights = step.kernel(output).toFloats();
        double limit = 0;
        for (float weight : weights) {
            limit = Math.max(limit, Math.abs(weight));
        }
        double[] norms = new double[step.depth()];
        for (int index = 0; index < weights.length; index++) {
            norms[index / places] += (double) weights[index] * weights[index];
        }
        List<Slice> slices = new ArrayList<>();
        for (int index : IntStream.range(0, norms.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> -norms[channel]))
                .limit(most)
                .toList()) {
            BufferedImage picture = new BufferedImage(step.width(), step.height(), BufferedImage.TYPE_INT_RGB);
            for (int place = 0; place < places; place++) {
                double position = limit == 0 ? 0.5 : 0.5 + 0.5 * weights[index * places + place] / limit;
                picture.setRGB(place % step.width(), place / step.width(), ColorMap.BLUE_WHITE_RED.rgb(position));
            }
            slices.add(new Slice(step.inputChannel(output, index), Math.sqrt(norms[index]), enlarged(picture)));
        }
        return slices;
    }

    /** The weights of a channel's center position over its receptive field, in the input's colors. */
    public BufferedImage expanded(LinearPath path, ChannelLayer layer, int channel) {
        int row = layer.height() / 2;
        int column = layer.width() / 2;
        Tensor weights = path.weights(layer, channel, row, column);
        Tensor colors = ChannelReduction.colors(weights, model.preprocessing());
        Box whole = new Box(0, 0, colors.dimension(2), colors.dimension(1));
        Box field = Optional.ofNullable(ReceptiveField.of(model).get(layer.value()))
                .flatMap(found -> found.at(row, column))
                .flatMap(box -> box.intersection(whole))
                .orElse(whole);
        return enlarged(HeatmapPainter.pixels(InputCrop.of(colors, field)));
    }

    /** Scales with aspect ratio preserved; larger pictures are reduced. */
    private BufferedImage enlarged(BufferedImage picture) {
        double factor = (double) side / Math.max(picture.getWidth(), picture.getHeight());
        return Images.resized(picture, (int) Math.max(1, Math.round(picture.getWidth() * factor)), (int)
                Math.max(1, Math.round(picture.getHeight() * factor)));
    }
}
