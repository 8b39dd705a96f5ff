package dev.vitrine.study.unit.example;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.Region;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.NeuronScore;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.InputCrop;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Draws examples of a layer as in figure 2 of Zeiler and Fergus: the patch in the neuron's receptive field, at the
 * picture's resolution, and the neuron's activation projected down by a deconvnet, all other neurons set to zero.
 */
public final class ExamplePainter {
    /** Above this enlargement, pixels are drawn as squares. */
    private static final int SMOOTH_UP_TO = 3;

    /** Drawing of an example; without a projection if the value is not above 0 or belongs to a direction. */
    public record Drawn(
            Example example, String name, String className, BufferedImage patch, Optional<BufferedImage> projection) {}

    private final ModelSession session;
    private final PictureList pictures;
    private final Probe probe;
    private final int side;
    private final Optional<ReceptiveField> fields;

    /**
     * @param side length of the drawings' longer side, in pixels
     */
    public ExamplePainter(ModelSession session, PictureList pictures, Probe probe, int side) {
        this.session = session;
        this.pictures = pictures;
        this.probe = probe;
        this.side = side;
        this.fields = Optional.ofNullable(
                ReceptiveField.of(session.model()).get(probe.layer().value()));
    }

    /** In the order of the examples. */
    public List<Drawn> draw(int channel, List<Example> examples) {
        boolean none = examples.stream().noneMatch(example -> example.value() > 0);
        return none || probe.directions().isPresent()
                ? patches(examples)
                : drawn(examples, read -> projections(channel, examples, read));
    }

    /** Without projections, for which the network is not needed. */
    public List<Drawn> patches(List<Example> examples) {
        return drawn(examples, read -> List.of());
    }

    private List<Drawn> drawn(List<Example> examples, Function<List<Picture>, List<BufferedImage>> projected) {
        List<Picture> read = examples.stream()
                .map(example -> pictures.read(example.picture()))
                .toList();
        List<BufferedImage> projections = projected.apply(read);
        List<Drawn> drawn = new ArrayList<>();
        for (int index = 0; index < examples.size(); index++) {
            Example example = examples.get(index);
            drawn.add(new Drawn(
                    example,
                    example.name(),
                    pictures.className(example.picture()),
                    patch(read.get(index), field(example)),
                    Optional.of(index)
                            .filter(one -> example.value() > 0 && !projections.isEmpty())
                            .map(projections::get)));
        }
        return drawn;
    }

    /** The receptive field of the example's position, in pixels of the input. */
    public Box field(Example example) {
        return field(example.row(), example.column());
    }

    /** The receptive field of a position in the layer, in pixels of the input, clipped to its border. */
    public Box field(int row, int column) {
        Preprocessing preprocessing = session.model().preprocessing();
        Box whole = new Box(0, 0, preprocessing.width(), preprocessing.height());
        return fields.flatMap(field -> field.at(row, column))
                .flatMap(box -> box.intersection(whole))
                .orElse(whole);
    }

    private BufferedImage patch(Picture picture, Box field) {
        Box box = session.model().preprocessing().inPicture(field, picture);
        int left = (int) Math.floor(Math.max(0, Math.min(picture.width() - 1, box.left())));
        int top = (int) Math.floor(Math.max(0, Math.min(picture.height() - 1, box.top())));
        int right = (int) Math.ceil(Math.max(left + 1, Math.min(picture.width(), box.right())));
        int bottom = (int) Math.ceil(Math.max(top + 1, Math.min(picture.height(), box.bottom())));
        return fitted(picture.crop(new Region(left, top, right - left, bottom - top)), field);
    }

    /** Keeps the field's aspect ratio, so that patch and projection align. */
    private BufferedImage fitted(Picture picture, Box field) {
        double across = field.right() - field.left();
        double down = field.bottom() - field.top();
        double factor = side / Math.max(across, down);
        int width = (int) Math.max(1, Math.round(across * factor));
        int height = (int) Math.max(1, Math.round(down * factor));
        Resampling resampling = width > SMOOTH_UP_TO * picture.width() ? Resampling.NEAREST : Resampling.BILINEAR;
        return Images.of(Resampler.resize(picture, width, height, resampling));
    }

    private List<BufferedImage> projections(int channel, List<Example> examples, List<Picture> read) {
        Tensor images = session.model().preprocessing().apply(read);
        ChannelLayer layer = probe.layer();
        Explainer deconvnet = session.explainer(new Gradient(Gradient.Kind.DECONVNET), new NeuronScore(layer.value()));
        long[] neurons = examples.stream()
                .mapToLong(
                        example -> ((long) channel * layer.height() + example.row()) * layer.width() + example.column())
                .toArray();
        Tensor found = deconvnet
                .explain(images, ModelSession.targets(neurons), Progress.NONE)
                .attribution();
        List<BufferedImage> projections = new ArrayList<>();
        for (int index = 0; index < neurons.length; index++) {
            Tensor colors = ChannelReduction.colors(
                    found.rows(index, index + 1), session.model().preprocessing());
            Box field = field(examples.get(index));
            projections.add(fitted(Images.picture(HeatmapPainter.pixels(InputCrop.of(colors, field))), field));
        }
        return projections;
    }
}
