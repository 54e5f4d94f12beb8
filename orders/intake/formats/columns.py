"""Columns of the shops' exports that carry nothing an order needs: known, and left aside."""

SHOPIFY_REST = """Accepts Marketing;Subtotal;Shipping;Taxes;Total;Discount Code;Discount Amount
;Lineitem compare at price
;Lineitem requires shipping;Lineitem taxable;Lineitem fulfillment status;Billing Name
;Billing Street;Billing Address1
;Billing Address2;Billing Company;Billing City;Billing Zip;Billing Province;Billing Country
;Note Attributes
;Payment Method;Payment Reference;Refunded Amount;Vendor;Outstanding Balance;Employee;Location
;Device ID;Id;Tags
;Risk Level;Source;Lineitem discount;Tax 1 Name;Tax 1 Value;Tax 2 Name;Tax 2 Value;Tax 3 Name
;Tax 3 Value;Tax 4 Name
;Tax 4 Value;Tax 5 Name;Tax 5 Value;Receipt Number;Duties;Billing Province Name;Payment ID
;Payment Terms Name
;Next Payment Due At;Payment References"""

AMAZON_REST = """payments-date;reporting-date;promise-date;days-past-promise;buyer-name
;quantity-shipped;item-tax
;shipping-price;shipping-tax;delivery-start-date;delivery-end-date;delivery-time-zone
;sales-channel;is-business-order
;purchase-order-number;price-designation;is-iba;verge-of-cancellation;verge-of-lateShipment
;gift-wrap-price;gift-wrap-tax
;item-promotion-discount;ship-promotion-discount;item-promotion-id;ship-promotion-id;is-prime
;is-sold-by-ab
;buyer-company-name;customized-url;customized-page;last-updated-date;merchant-order-id
;fulfillment-channel;order-channel
;asin;item-status;is-premium-order;is-transparency;ioss-number;signature-confirmation-recommended
;buyer-identification-number
;buyer-identification-type;default-ship-from-address-name;gift-message-text;gift-wrap-type"""

WOOCOMMERCE_REST = """Company (Billing);Address 1&2 (Billing);Address 1 (Billing)
;Address 2 (Billing);City (Billing)
;State Code (Billing);State Name (Billing);Postcode (Billing);Country Code (Billing)
;Country Name (Billing)
;First Name (Billing);Last Name (Billing);Full Name (Billing);Payment Method Title
;Cart Discount Amount
;Order Subtotal Amount;Order Shipping Amount;Order Refund Amount;Order Total Amount
;Order Total Tax Amount;Item #
;Coupon Code;Discount Amount;Discount Amount Tax;Order Line Subtotal;Order Line Total
;Transaction ID;Paid Date;Order Total Fee"""

EBAY_REST = """Sales Record Number;Buyer Username;Buyer Name;Buyer Address 1;Buyer Address 2
;Buyer City;Buyer State;Buyer Zip
;Buyer Country;Buyer Tax Identifier Name;Buyer Tax Identifier Value;Item Number
;Sold Via Promoted Listings
;Shipping And Handling;Item Location;Item Zip Code;Item Country;eBay Collect And Remit Tax Rate
;eBay Collect And Remit Tax Type;eBay Reference Name;eBay Reference Value;Tax Status
;Seller Collected Tax;eBay Collected Tax
;Electronic Waste Recycling Fee;Mattress Recycling Fee;Battery Recycling Fee
;White Goods Disposal Tax;Tire Recycling Fee
;Additional Fee;Lumber Fee;Prepaid Wireless Fee;Road Improvement And Food Delivery Fee
;eBay Collected Charges;Total Price
;eBay Collected Tax and Fees Included in Total;Payment Method;Ship By Date
;Minimum Estimated Delivery Date
;Maximum Estimated Delivery Date;Feedback Left;Feedback Received;My Item Note
;PayPal Transaction ID;Tracking Number
;Variation Details;Global Shipping Program;Global Shipping Reference ID;Click And Collect
;Click And Collect Reference Number
;eBay Plus;Authenticity Verification Program;Authenticity Verification Status
;Authenticity Verification Outcome Reason
;PSA Vault Program;Vault Fulfillment Type;eBay Fulfillment Program;Tax City;Tax State;Tax Zip
;Tax Country
;eBay International Shipping"""

ETSY_REST = """Buyer;Coupon Code;Coupon Details;Discount Amount;Shipping Discount;Order Shipping
;Order Sales Tax;Item Total
;Listing ID;Date Paid;Variations;Order Type;Listings Type;Payment Type;InPerson Discount
;InPerson Location;VAT Paid by Buyer
;Buyer User ID;Payment Method;Order Value;Shipping;Sales Tax;Order Total;Card Processing Fees
;Order Net
;Adjusted Order Total;Adjusted Card Processing Fees;Adjusted Net Order Amount;First Name
;Last Name"""

VEEQO_REST = """id;receipt_printed;total_price;marketplace_fees;gross_profit_value
;gross_profit_percent;cost_price
;cost_of_goods;subtotal_price;total_tax;delivery_cost;total_discounts;total_discounts_legacy
;payment_type
;payment_created_at;cancel_reason;channel_type;channel;channel_id;customer_remote_id
;billing_address_first_name
;billing_address_last_name;billing_address_company;billing_address_address1
;billing_address_address2;billing_address_city
;billing_address_country;billing_address_state;billing_address_zip;billing_address_phone
;number_of_lines;upc
;quantity_shipped;price_per_unit_including_tax;variant_title;order_remote_id;additional_options
;variant_weight
;tracking_number;due_date;tags"""
