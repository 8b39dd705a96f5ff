package dev.vitrine.study.unit.dead;

import java.util.List;

/**
 * How often each channel is above 0 over many pictures. A channel that never is is dead: its rectifier lets nothing
 * through (of a leaky one, only the leak), and no gradient comes back.
 *
 * @param pictures that were looked at
 * @param unreadable further pictures that could not be
 * @param layers in the order they were asked for
 */
public record DeadUnits(int pictures, int unreadable, List<Layer> layers) {
    /** A channel above 0 in a smaller share of the pictures is nearly dead. */
    public static final double NEARLY = 0.01;

    /** How a channel fares. */
    public enum State {
        DEAD,
        NEARLY_DEAD,
        ALIVE
    }

    /**
     * @param maximum over all places of all pictures
     * @param mean over all places of all pictures
     * @param silent share of all values that are not above 0
     * @param pictures share of the pictures in which some value is above 0
     */
    public record Channel(double maximum, double mean, double silent, double pictures) {
        public State state() {
            if (!(maximum > 0)) {
                return State.DEAD;
            }
            return pictures < NEARLY ? State.NEARLY_DEAD : State.ALIVE;
        }
    }

    /** The channels of a layer by its name. */
    public record Layer(String layer, List<Channel> channels) {
        public Layer {
            channels = List.copyOf(channels);
        }

        public long count(State state) {
            return channels.stream().filter(channel -> channel.state() == state).count();
        }
    }

    public DeadUnits {
        layers = List.copyOf(layers);
    }
}
