/** The demo organization's leads: invented companies and people on reserved domains and numbers. */
export interface DemoLead {
  readonly name: string;
  readonly domain: string;
  readonly description: string;
  /** Index into the organization's lead statuses. */
  readonly status: number;
  readonly city: readonly [city: string, country: string];
  readonly people: readonly (readonly [name: string, title: string, phone: string])[];
  readonly services?: readonly string[];
  readonly deal?: readonly [
    pipeline: 'sales' | 'renewals',
    status: number,
    cents: number,
    period: 'one_time' | 'monthly' | 'annual',
    confidence: number,
  ];
  readonly task?: readonly [text: string, daysFromNow: number];
  readonly note?: string;
}

export const DEMO_LEADS: readonly DemoLead[] = [
  {
    name: 'Northpine Logistics',
    domain: 'northpine.example',
    description: 'Regional freight broker with two depots',
    status: 0,
    city: ['Oakland', 'US'],
    people: [
      ['Ingrid Solheim', 'Head of Operations', '+14155550132'],
      ['Marcus Webb', 'Dispatcher', '+14155550133'],
    ],
    services: ['Freight', 'Warehousing'],
    deal: ['sales', 1, 480_000, 'annual', 40],
    task: ['Send the pilot agreement', 4],
    note: 'Prefers email over phone.',
  },
  {
    name: 'Bluewater Ceramics',
    domain: 'bluewater.example',
    description: 'Tiles and tableware',
    status: 1,
    city: ['Lisbon', 'PT'],
    people: [['Tomás Figueira', 'Owner', '+351210000101']],
    services: ['Freight'],
    deal: ['sales', 0, 35_000, 'monthly', 60],
    task: ['Ask for last year’s volumes', -1],
    note: 'Met at the spring fair; wants a quote for pallets.',
  },
  {
    name: 'Halden Instruments',
    domain: 'halden.example',
    description: 'Laboratory scales',
    status: 2,
    city: ['Bergen', 'NO'],
    people: [
      ['Sunniva Dahl', 'Procurement', '+4755550143'],
      ['Eirik Moe', 'Finance', '+4755550144'],
    ],
    deal: ['renewals', 0, 1_200_000, 'annual', 80],
    note: 'Contract ends in spring.',
  },
  {
    name: 'Copperleaf Bakery',
    domain: 'copperleaf.example',
    description: 'Six shops and a central kitchen',
    status: 0,
    city: ['Leeds', 'GB'],
    people: [['Aisha Rahman', 'General Manager', '+441135550155']],
    services: ['Customs'],
    task: ['Call back about cold chain', 0],
  },
  {
    name: 'Vireo Robotics',
    domain: 'vireo.example',
    description: 'Warehouse robots',
    status: 1,
    city: ['Austin', 'US'],
    people: [['Leon Park', 'Chief of Staff', '+15125550166']],
    services: ['Warehousing', 'Customs'],
    deal: ['sales', 2, 2_500_000, 'one_time', 100],
  },
  {
    name: 'Marlow & Finch',
    domain: 'marlowfinch.example',
    description: 'Antique dealers; "fragile" on every box',
    status: 3,
    city: ['Bristol', 'GB'],
    people: [['Harriet Finch', 'Partner', '+441175550177']],
    deal: ['sales', 3, 90_000, 'one_time', 0],
  },
  {
    name: 'Kestrel Outdoor',
    domain: 'kestrel.example',
    description: 'Tents and packs',
    status: 0,
    city: ['Innsbruck', 'AT'],
    people: [['Clara Obermoser', 'Supply Chain', '+435125550188']],
    task: ['Introduce Jonas', 12],
  },
  {
    name: 'Kestrel Outdoor Rentals',
    domain: 'kestrel-rentals.example',
    description: 'Not the same company as Kestrel Outdoor',
    status: 0,
    city: ['Innsbruck', 'AT'],
    people: [],
  },
];
