package dev.vitrine.study.map;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import java.util.List;

/**
 * A network on a map.
 *
 * @param layers by whose activations pictures are laid out
 * @param units channels by whose largest activation in a picture its point can be colored
 */
public record MappedNetwork(Model model, List<ChannelLayer> layers, List<UnitName> units) {
    public MappedNetwork {
        layers = List.copyOf(layers);
        units = List.copyOf(units);
        for (UnitName unit : units) {
            if (unit.channel().isEmpty() || unit.place().isPresent()) {
                throw VitrineException.usage("Found '" + unit.words()
                        + "' as a unit to color by; expected LAYER:CHANNEL, such as conv4:17.");
            }
        }
    }

    /** Layers of the units, each once. */
    List<ChannelLayer> layersOfUnits() {
        return units.stream().map(UnitName::layer).distinct().toList();
    }
}
