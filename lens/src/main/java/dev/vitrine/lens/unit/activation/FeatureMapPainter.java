package dev.vitrine.lens.unit.activation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.unit.activation.FeatureMaps.Channel;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Draws the maps of a layer, one tile per map, one square per position. */
public final class FeatureMapPainter {
    /** The color scale. */
    public enum Scaling {
        /** Shared by all maps of a layer. */
        SHARED,
        /** Separate for each map. */
        OWN
    }

    private static final HeatmapPainter PAINTER = HeatmapPainter.MAP.with(Resampling.NEAREST);
    private static final int TILE = 96;
    private static final int WIDEST = 12;

    private final FeatureMaps maps;
    private final Scaling scaling;
    private final Provenance provenance;
    private final Polarity polarity;
    private final Scale shared;

    /** @param image name of the picture */
    public FeatureMapPainter(FeatureMaps maps, Scaling scaling, String model, String image) {
        this.maps = maps;
        this.scaling = scaling;
        this.provenance = new Provenance(
                model,
                image,
                maps.layer().name(),
                "activations",
                Map.of("scale", scaling.name().toLowerCase(Locale.ROOT)));
        Tensor all = maps.values()
                .reshape(
                        maps.layer().channels() * (long) maps.layer().height(),
                        maps.layer().width());
        this.polarity = Polarity.of(all);
        this.shared = Scale.robust(new Heatmap(all, provenance), polarity);
    }

    /** Whether the maps have values below 0. */
    public Polarity polarity() {
        return polarity;
    }

    public Scale scale(int channel) {
        return scaling == Scaling.SHARED ? shared : Scale.robust(new Heatmap(maps.map(channel), provenance), polarity);
    }

    /** One pixel per position. */
    public BufferedImage tile(int channel) {
        return PAINTER.map(new Heatmap(maps.map(channel), provenance), scale(channel));
    }

    /** All the given channels with captions, over a strip that describes them. */
    public Sheet sheet(List<Channel> channels) {
        List<Montage.Cell> cells = new ArrayList<>();
        for (Channel channel : channels) {
            BufferedImage tile = tile(channel.channel());
            int factor = Math.max(1, TILE / Math.max(tile.getWidth(), tile.getHeight()));
            BufferedImage shown = Images.resized(tile, tile.getWidth() * factor, tile.getHeight() * factor);
            cells.add(new Montage.Cell(shown, caption(channel)));
        }
        int columns = (int) Math.min(WIDEST, Math.ceil(Math.sqrt(cells.size())));
        Optional<ColorBar> bar = scaling == Scaling.SHARED
                ? Optional.of(new ColorBar(PAINTER.colors(shared), shared))
                : Optional.empty();
        return new Sheet(new Montage(cells, columns).image(), provenance, bar);
    }

    private static String caption(Channel channel) {
        return String.format(
                Locale.ROOT, "%d: %.3g, %.0f %% off", channel.channel(), channel.maximum(), 100 * channel.silent());
    }
}
