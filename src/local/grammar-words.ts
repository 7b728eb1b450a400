/** The word lists of the household-assistant grammar; every word is in the dictionary of the recogniser (a test checks it). */

export const DIGITS = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

export const ONE_TO_NINE = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

export const TEN_TO_NINETEEN = [
  ...['ten', 'eleven', 'twelve', 'thirteen', 'fourteen'],
  ...['fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
] as const;

export const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const;

export const HOURS = [...ONE_TO_NINE, 'ten', 'eleven', 'twelve'] as const;

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const ROOMS = [
  ...['kitchen', 'bedroom', 'bathroom', 'living room', 'dining room', 'hallway', 'garage', 'basement', 'attic'],
  ...['office', 'nursery', 'guest room', 'laundry room', 'balcony', 'garden', 'cellar', 'library', 'porch'],
] as const;

export const LIGHTS = ['light', 'lights', 'lamp', 'lamps', 'ceiling light', 'reading lamp', 'candles'] as const;

export const APPLIANCES = [
  ...['fan', 'heater', 'oven', 'television', 'radio', 'dishwasher', 'washing machine', 'dryer', 'coffee machine'],
  ...['kettle', 'toaster', 'vacuum', 'air conditioner', 'humidifier', 'printer', 'projector', 'speaker', 'stove'],
  ...['microwave', 'freezer', 'computer', 'router', 'sprinkler', 'fireplace'],
] as const;

export const OPENINGS = [
  ...['door', 'doors', 'window', 'windows', 'blinds', 'curtains', 'shutters', 'gate'],
  ...['front door', 'back door', 'garage door'],
] as const;

export const COLOURS = ['red', 'green', 'blue', 'yellow', 'orange', 'purple', 'pink', 'white', 'warm white'] as const;

export const CITIES = [
  ...['amsterdam', 'athens', 'bangkok', 'barcelona', 'beijing', 'berlin', 'boston', 'brussels', 'budapest', 'cairo'],
  ...['chicago', 'copenhagen', 'dallas', 'delhi', 'denver', 'dublin', 'geneva', 'hamburg', 'helsinki', 'houston'],
  ...['istanbul', 'jakarta', 'lisbon', 'london', 'madrid', 'melbourne', 'miami', 'montreal', 'moscow', 'munich'],
  ...['nairobi', 'new york', 'oslo', 'paris', 'prague', 'rome', 'seattle', 'singapore', 'stockholm', 'sydney'],
  ...['tokyo', 'toronto', 'vancouver', 'venice', 'vienna', 'warsaw', 'washington', 'zurich'],
] as const;

export const PEOPLE = [
  ...['mom', 'dad', 'my sister', 'my brother', 'grandma', 'grandpa', 'the office', 'the doctor', 'the dentist'],
  ...['the school', 'the plumber', 'the neighbors', 'anna', 'david', 'julia', 'martin', 'peter', 'sarah', 'thomas'],
] as const;

export const GROCERIES = [
  ...['apples', 'bananas', 'beans', 'bread', 'broccoli', 'butter', 'cabbage', 'carrots', 'cereal', 'cheese'],
  ...['chicken', 'chocolate', 'coffee', 'cookies', 'cream', 'cucumbers', 'eggs', 'fish', 'flour', 'garlic'],
  ...['grapes', 'ham', 'honey', 'ice cream', 'lemons', 'lettuce', 'milk', 'mushrooms', 'noodles', 'olive oil'],
  ...['onions', 'oranges', 'pasta', 'peanut butter', 'pears', 'pepper', 'potatoes', 'rice', 'salt', 'sausages'],
  ...['soap', 'spinach', 'strawberries', 'sugar', 'tea', 'tomatoes', 'toothpaste', 'water', 'yogurt'],
] as const;

export const MEASURES = ['bottles', 'boxes', 'bags', 'cans', 'packs', 'pounds', 'kilos', 'liters'] as const;

export const GENRES = [
  ...['jazz', 'rock', 'pop', 'classical', 'country', 'folk', 'blues', 'soul', 'disco', 'reggae', 'techno'],
  ...['piano', 'opera', 'dance', 'christmas', 'relaxing', 'movie'],
] as const;

export const CURRENCIES = ['dollars', 'euros', 'pounds', 'francs'] as const;

export const RANKS = [
  ...['ace', 'king', 'queen', 'jack', 'ten', 'nine', 'eight', 'seven', 'six', 'five', 'four', 'three', 'two'],
] as const;

export const SUITS = ['hearts', 'spades', 'diamonds', 'clubs'] as const;

export const DIRECTIONS = ['forward', 'backward', 'back', 'left', 'right'] as const;
